"""Drills for operators, on the local stack or on a mocked AWS: ``python -m tools.drills restore``."""
