"""Sessions and access tokens: what a sign-in of any kind opens."""
