"""A member's own sessions and browsers, and the call of a member who did not sign in."""
