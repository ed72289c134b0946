"""The identifier found again from the social-security number."""
