"""PINs: their hashes, the blocklist, and the member's own data as PINs."""
