"""Debian's Firefox, driven by Playwright over WebDriver BiDi, with connections to this machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulators.template import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_PROGRAM: Final = ROOT / "simulators" / "browser" / "firefox_process.py"
_OFFLINE: Final[dict[str, str | float | bool]] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "nimbus.rollouts.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.reporting": False,
}


def launch_firefox(playwright: Playwright) -> Browser:
    """Start a browser, an unchanged one: Playwright's own build cannot be installed by a package."""
    return playwright.firefox.launch(channel="moz-firefox", executable_path=_PROGRAM, firefox_user_prefs=_OFFLINE)
