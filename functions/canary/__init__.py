"""Tries new versions before they serve members, and the whole service every five minutes."""
