"""A service behind the sign-in: it shows refunds at any level of sign-in, and the bank account at a high one."""
