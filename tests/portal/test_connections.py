"""The page of a member's connections, and "this was not me"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from member_access.api.bearer import InvalidToken

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from simulators.browser.portal_scenes import Scene


def test_a_connection_says_where_and_when_it_was_used(scene: Scene) -> None:
    scene.connections()

    own, other = scene.visitor.page.locator("[data-sessions] li").all()
    expect(own).to_contain_text("Samsung Internet sur Android")
    expect(own).to_contain_text("Vous l’utilisez en ce moment.")
    expect(own.get_by_role("button")).to_have_count(0)
    expect(other).to_contain_text("Depuis le 2 novembre 2026")
    expect(other.get_by_role("button")).to_have_accessible_description("Firefox sur Android")
    expect(scene.visitor.page.locator("[data-devices] li").last).to_contain_text("Navigateur inconnu")


def test_a_member_ends_one_session_by_keyboard(scene: Scene) -> None:
    scene.connections()
    scene.visitor.page.get_by_role("button", name=scene.visitor.words.end_session).focus()
    scene.visitor.page.keyboard.press("Enter")

    scene.visitor.reads("La connexion est terminée. Une page déjà ouverte peut encore répondre 15 minutes.")
    assert ("/sessions/AAAAAAAAAAAAAAAAAAAAAA", {}) in scene.api.calls


def test_a_member_forgets_a_browser(scene: Scene) -> None:
    scene.connections()
    scene.visitor.press(scene.visitor.words.forget_browser)

    scene.visitor.reads("Le navigateur est oublié.")
    assert (f"/devices/{'1' * 32}", {}) in scene.api.calls


def test_ending_all_leads_to_the_sign_in(scene: Scene) -> None:
    scene.connections()
    scene.visitor.press(scene.visitor.words.end_all)

    scene.visitor.sees(scene.visitor.words.sign_in_title)
    scene.visitor.reads("Toutes vos connexions sont terminées.")


def test_not_me_asks_first_and_leads_to_the_code(scene: Scene) -> None:
    scene.not_me()
    assert "/account/not-me" not in [path for path, _ in scene.api.calls]
    scene.visitor.press(scene.visitor.words.block)

    scene.visitor.sees(scene.visitor.words.code_title)
    scene.visitor.reads(scene.visitor.words.blocked)
    scene.visitor.visit(f"{scene.url}#/connections")
    scene.visitor.sees(scene.visitor.words.sign_in_title)


def test_a_session_that_someone_else_ended_leads_to_the_sign_in(scene: Scene) -> None:
    scene.connections()
    for call in ("/account/not-me", "/sessions"):
        scene.api.refuses(call, InvalidToken())
    scene.visitor.press(scene.visitor.words.not_me)
    scene.visitor.press(scene.visitor.words.block)

    scene.visitor.sees(scene.visitor.words.sign_in_title)


def test_a_token_that_has_expired_is_replaced_first(scene: Scene) -> None:
    scene.member()
    scene.api.refuses("/sessions", InvalidToken())

    def refresh(route: Route) -> None:
        scene.api.answers_as_usual("/sessions")
        route.fallback()

    scene.visitor.page.route("**/v1/login/refresh", refresh)
    scene.visitor.press(scene.visitor.words.connections)

    scene.visitor.sees(scene.visitor.words.connections)
