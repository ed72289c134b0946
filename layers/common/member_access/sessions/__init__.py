"""What a sign-in opens: sessions, known browsers and access tokens, in one item a member."""
