"""Loads the insurer's members from a file: what ``python -m ops import`` and the functions of a load by AWS share."""
