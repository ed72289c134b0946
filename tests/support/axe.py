"""What axe-core finds on a page: the rules of WCAG 2.2, levels A and AA, and its best practices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from simulators.template import ROOT
from tests.support import npm

if TYPE_CHECKING:
    from playwright.sync_api import Page


@cache
def _source() -> str:
    npm.install()
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule.

    The page's own Content-Security-Policy stays as it is: what a test evaluates is not bound by it.
    """
    page.evaluate(_source())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']}: {node['html']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
