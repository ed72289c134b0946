"""The screens of passkeys, connections and second steps, by keyboard alone and with a page enlarged to 400 %."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from simulators.browser.portal_scenes import SCENES, Scene
from tests.support.keyboard import ENLARGED, go_by_key, round_by_tab, type_into

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.portal.conftest import OpenScene

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def scene(opened: OpenScene) -> Iterator[Scene]:
    """A visitor who has no mouse."""
    with opened(size=ENLARGED, calm=True) as scene:
        yield scene


@pytest.mark.parametrize("name", ["sign_in", "confirm", "passkey_offer", "passkeys", "connections", "not_me"])
def test_tab_leads_to_each_control_in_its_order_and_shows_it(scene: Scene, name: str) -> None:
    """WCAG 2.2 §2.1.1, §2.1.2, §2.4.3, §2.4.7 and §2.4.11."""
    SCENES[name](scene)
    if name == "sign_in":
        scene.visitor.page.keyboard.press("Tab")
        scene.visitor.page.locator(".passkey button").wait_for()
    stops = round_by_tab(scene.visitor.page)

    places = [stop.place for stop in stops]
    first = places.index(0)
    in_order = stops[first:] + stops[:first]
    assert [stop.place for stop in in_order] == list(range(stops[0].of)), stops
    assert all(later.bottom > earlier.top for earlier, later in pairwise(in_order)), in_order
    assert [stop for stop in stops if not (stop.is_marked and stop.is_in_sight)] == []


def test_a_browser_is_confirmed_by_keyboard_alone(scene: Scene) -> None:
    scene.confirm()
    type_into(scene.visitor, scene.visitor.words.any_code, "482913")
    go_by_key(scene.visitor, scene.visitor.words.confirm, "Space")

    scene.visitor.sees(scene.visitor.words.area_title)
    assert ("/login/confirm", {"code": "482913"}) in scene.api.calls


def test_a_passkey_is_deleted_by_keyboard_alone(scene: Scene) -> None:
    scene.passkeys()
    go_by_key(scene.visitor, "Supprimer", "Space")
    scene.visitor.reads("La clé d’accès est supprimée. Supprimez-la aussi dans l’appareil où elle se trouve.")
    go_by_key(scene.visitor, "Revenir à mon espace")

    scene.visitor.sees(scene.visitor.words.area_title)
    assert (f"/passkeys/{'0' * 64}", {}) in scene.api.calls


def test_the_offer_of_a_passkey_is_declined_by_keyboard_alone(scene: Scene) -> None:
    scene.passkey_offer()
    go_by_key(scene.visitor, "Non merci", "Space")

    scene.visitor.sees(scene.visitor.words.area_title)


def test_connections_are_ended_by_keyboard_alone(scene: Scene) -> None:
    words = scene.visitor.words
    scene.member()
    go_by_key(scene.visitor, words.connections)
    scene.visitor.sees(words.connections)
    go_by_key(scene.visitor, words.end_session, "Space")
    scene.visitor.reads("La connexion est terminée. Une page déjà ouverte peut encore répondre 15 minutes.")
    go_by_key(scene.visitor, words.forget_browser, "Space")
    scene.visitor.reads("Le navigateur est oublié.")
    go_by_key(scene.visitor, words.end_all)

    scene.visitor.sees(words.sign_in_title)


def test_everything_is_blocked_by_keyboard_alone(scene: Scene) -> None:
    words = scene.visitor.words
    scene.connections()
    go_by_key(scene.visitor, words.not_me)
    scene.visitor.sees(words.not_me)
    go_by_key(scene.visitor, words.block)

    scene.visitor.sees(words.code_title)
    scene.visitor.reads(words.blocked)
    assert ("/account/not-me", {}) in scene.api.calls
