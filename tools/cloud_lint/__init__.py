"""Checks the templates as an insurer deploys them with cfn-lint and checkov: ``python -m tools.cloud_lint``."""
