"""Runs the whole stack on one machine: a local cloud, the real template, sample members, one address."""
