"""What axe-core finds on a page: the rules of WCAG 2.2, levels A and AA, and its best practices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from simulators.template import ROOT
from tests.support import npm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page


@cache
def _source() -> str:
    npm.install()
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


OF_STYLES: Final = ("color-contrast", "link-in-text-block", "target-size")
"""The rules whose outcome a style sheet changes."""


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """One line for each element that breaks a rule.

    The page's own Content-Security-Policy stays as it is: what a test evaluates is not bound by it.

    Args:
        page: the page.
        rules: the rules to check; all where there are none.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    chosen = {"runOnly": list(rules)} if rules else {}
    found: dict[str, Any] = page.evaluate(
        "chosen => axe.run(document, {resultTypes: ['violations'], ...chosen})", chosen
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
