"""The whole stack on a laptop: a local cloud, the real template deployed to it, sample members, one address."""

import sys
from pathlib import Path

# Lambda finds the layer's package by itself; a command that runs from a clone of the repository is told where it is.
sys.path.append(str(Path(__file__).parents[1] / "layers" / "common"))
