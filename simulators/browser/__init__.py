"""Drives the portal in Chromium, for pictures and tests."""
