"""Maileva, of La Poste."""
