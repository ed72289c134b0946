"""Letters as the flows see them: jobs, addresses, and the interface of a print provider."""
