"""PINs: how they are hashed, and which are too weak."""
