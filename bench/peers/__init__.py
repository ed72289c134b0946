"""Other sign-in services, measured in the same run: ``make bench PEERS=1``."""
