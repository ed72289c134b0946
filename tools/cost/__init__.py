"""Computes what the flows cost on AWS and which quota they meet first: ``python -m tools.cost``."""
