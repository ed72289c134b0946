"""A journey on a slow network with a slow device ends as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.browser.portal_scenes import PIN, Scene
from simulators.scripted_api import IDENTIFIER

if TYPE_CHECKING:
    from simulators.browser.portal import Visitor

# A poor mobile connection and a cheap phone.
NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWNESS = 4


def slow_down(visitor: Visitor) -> None:
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})


def test_a_reset_and_a_sign_in_end_well(scene: Scene) -> None:
    visitor, words = scene.visitor, scene.visitor.words
    slow_down(visitor)
    scene.sign_in()
    visitor.press(words.forgotten_pin)
    visitor.sees(words.forgotten_pin)
    visitor.fill(words.identifier, IDENTIFIER)
    visitor.press(words.get_code)
    visitor.sees(words.code_title)
    visitor.fill(words.email_code, "482913")
    visitor.press(words.verify)
    visitor.sees(words.new_pin_title)
    visitor.fill(words.new_pin, PIN)
    visitor.fill(words.confirmation, PIN)
    visitor.press(words.save)
    visitor.sees(words.saved_title)
    visitor.press(words.sign_in)
    visitor.sees(words.sign_in_title)
    visitor.sign_in(IDENTIFIER, PIN)
    visitor.sees(words.area_title)

    assert [path for path, _ in scene.api.calls] == ["/reset", "/reset/verify", "/reset/pin", "/login"]
    assert scene.visitor.console == []
