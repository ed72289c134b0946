"""Passkeys: signing in by one (WebAuthn), and the list of a member's."""
