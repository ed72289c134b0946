"""A forgotten PIN: a one-time code, then a new PIN. Also the change of a known PIN."""
