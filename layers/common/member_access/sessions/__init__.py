"""What a PIN opens: sessions, known browsers and access tokens, in one item a member."""
