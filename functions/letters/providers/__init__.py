"""Adapters of the print providers."""
