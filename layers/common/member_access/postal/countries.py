"""The countries that letters go to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

INLAND: Final = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"})
"""France and the overseas parts of it whose mail needs no country line."""

COUNTRY_NAMES: Final[dict[str, str]] = json.loads(
    (Path(__file__).parent / "country_names.json").read_text(encoding="utf-8")
)
"""French names in capitals by ISO 3166-1 code: Unicode CLDR's, or a shorter one that is usual on envelopes."""
