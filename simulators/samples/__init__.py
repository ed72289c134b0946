"""Fictitious e-mails, letters and an insurer, for pictures and tests."""
