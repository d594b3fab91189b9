"""Measures assessments against what a careful reviewer would have done with the same mail."""
