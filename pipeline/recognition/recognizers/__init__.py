"""A recogniser per identifier; the folder is the registry."""
