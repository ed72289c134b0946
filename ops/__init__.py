"""The operator's command: ``python -m ops <subcommand>``."""

import sys
from pathlib import Path

# Lambda finds the layer's package by itself; a command that runs from a clone of the repository is told where
# it is.
sys.path.append(str(Path(__file__).parents[1] / "layers" / "common"))
