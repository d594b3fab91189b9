"""The published guidance as rules: packs, detectors, sections, facts, working days and the scorecard."""
