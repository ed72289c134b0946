"""Scripts that make what is committed: the list of common PINs, the OpenAPI document."""

import sys
from pathlib import Path

# Lambda finds the layer and a function's folder by itself; a script that runs from a clone is told where they are.
_ROOT = Path(__file__).parents[1]
sys.path.extend(str(folder) for folder in (_ROOT / "layers/common", *sorted(_ROOT.glob("functions/*/"))))
