"""Fakes of print providers as HTTP servers that can do the work and drop the response."""
