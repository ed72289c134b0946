"""Drills for operators on a mocked AWS with the real functions: ``python -m tools.drills restore``."""
