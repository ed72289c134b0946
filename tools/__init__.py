"""Scripts that make what is committed: the list of common PINs, the OpenAPI document."""
