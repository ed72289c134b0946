"""Print providers, and what their adapters share."""
