"""One-time codes that reset a PIN."""
