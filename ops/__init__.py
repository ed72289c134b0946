"""The operator's command: ``python -m ops <subcommand>``."""
