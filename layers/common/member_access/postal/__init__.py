"""Postal addresses as they stand on an envelope: what the import checks and what a letter prints, by the same code."""
