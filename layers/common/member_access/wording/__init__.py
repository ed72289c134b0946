"""Texts that several flows show to members."""
