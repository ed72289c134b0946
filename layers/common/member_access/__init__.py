"""What the flows of the member area share: attempts, PINs, members, sessions, tokens, audit and the HTTP edge."""
