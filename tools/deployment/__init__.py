"""Deploys to the environments of ``samconfig.toml``, checks what was deployed, and goes back."""
