"""PINs: their hashes, and the blocklist."""
