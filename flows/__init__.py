"""Prefect flows: schedules, retries and the picture of what ran. Ids in, ids out, never content."""

import os

# Read by Prefect when it is first imported, so this has to come before.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_RESULTS_PERSIST_BY_DEFAULT", "false")
# The embedded server needs half a minute on a busy machine; the default gives it twenty seconds.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
