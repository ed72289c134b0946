"""The page for front-end teams has every error of the API, as the OpenAPI document has them."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from simulators.template import ROOT

PAGE = (ROOT / "docs" / "front-ends.md").read_text("utf-8")
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
API_GATEWAYS_OWN = {"not-found": {"404"}, "method-not-allowed": {"405"}}
FOR_PRINT_PROVIDERS = {"not-authentic"}


def documented() -> dict[str, set[str]]:
    """The statuses of each code."""
    statuses: defaultdict[str, set[str]] = defaultdict(set, API_GATEWAYS_OWN)
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                for code in re.findall(r"`([a-z-]+)`:", response["description"]):
                    statuses[code].add(status)
    return statuses


def test_the_page_has_every_error_with_its_status() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", PAGE, re.MULTILINE))
    codes = set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) - FOR_PRINT_PROVIDERS

    assert told.keys() == codes
    assert {code: {status} for code, status in told.items()} == {code: documented()[code] for code in codes}


def test_the_journey_of_the_client_has_thirty_lines() -> None:
    (journey,) = re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)

    assert len([line for line in journey.splitlines() if line]) <= 31
