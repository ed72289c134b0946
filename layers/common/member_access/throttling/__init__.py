"""Limits on guesses (NIST SP 800-63B-4 §3.2.2)."""
