"""The HTTP edge: requests, responses and problems."""
