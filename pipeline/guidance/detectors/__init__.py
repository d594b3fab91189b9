"""A detector per way of judging; the folder is the registry, and rule files name detectors by file name."""
