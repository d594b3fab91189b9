"""Handing letters over: transports, retries, and settling what is uncertain."""
