"""Sends letters through a print provider, and follows them until they are posted."""
