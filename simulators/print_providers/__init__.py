"""Print providers as HTTP servers that can drop a reply after having done the work."""
