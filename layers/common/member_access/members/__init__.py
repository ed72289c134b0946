"""Members' records, and the keyed hashes that stand for their data."""
