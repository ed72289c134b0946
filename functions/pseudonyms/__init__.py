"""Tells the desk under which pseudonyms the other functions keep what belongs to a member."""
