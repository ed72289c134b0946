"""Sign-in, sessions and access tokens."""
