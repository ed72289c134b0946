"""Letter jobs, addresses, and the interface of a print provider."""
