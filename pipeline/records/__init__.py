"""What the gateway remembers: the store, the vault of originals, the audit chain."""
