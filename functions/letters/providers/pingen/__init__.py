"""Pingen, version 2 of its API."""
