"""Prefect flows: schedules, retries and the picture of what ran. Ids in, ids out, never content."""
