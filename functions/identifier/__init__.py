"""Finds a forgotten identifier from the social-security number."""
