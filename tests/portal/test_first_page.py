"""The portal weighs little, loads nothing from others, and gives nothing away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from simulators.browser.portal_scenes import PIN, SCENES, Scene
from simulators.scripted_api import IDENTIFIER, TOKENS

if TYPE_CHECKING:
    from playwright.sync_api import Response, Route

HEAVIEST_PAGE = 104_000
TYPED = {
    "PIN": PIN,
    "code": "482913",
    "reset token and challenge": "0" * 64,
    "access token": str(TOKENS["access_token"]),
    "social-security number": "172063306301725",
    "birth date": "1972-06-30",
    "birth year": '"1972',
    "end of the IBAN": "020291",
}
KEPT = "JSON.stringify([location.href, document.title, history.state, {...localStorage}, {...sessionStorage}])"


def test_the_first_page_weighs_little_and_loads_nothing_from_others(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    scene.visitor.page.on("response", keep)
    scene.sign_in()
    scene.visitor.page.wait_for_load_state("networkidle")
    weights = {urlsplit(answer.url).path: len(answer.body()) for answer in answers}
    with capsys.disabled():
        print(f"\nThe portal's first page: {sum(weights.values()):,} bytes in {len(weights)} files")  # noqa: T201 - asked for

    assert "/main.js" in weights
    assert sum(weights.values()) < HEAVIEST_PAGE
    assert {answer.status for answer in answers} == {200}
    assert scene.visitor.console == []


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_loads_nothing_from_others_and_keeps_no_secret(scene: Scene, name: str) -> None:
    SCENES[name](scene)
    origin = scene.url.rstrip("/")

    assert [url for url in scene.visitor.requests if not url.startswith(origin)] == []
    kept = scene.visitor.page.evaluate(KEPT).replace(" ", "")
    assert {what for what, secret in TYPED.items() if secret in kept} == set()
    assert {what for url in scene.visitor.requests for what, secret in TYPED.items() if secret in url} == set()
    # What Chromium itself notes about refused and lost requests is no message of the page.
    said = [line for line in scene.visitor.console if "Failed to load resource" not in line]
    assert said == []


def test_what_was_typed_is_in_the_body_of_a_call_alone(scene: Scene) -> None:
    scene.member()

    ((path, sent),) = scene.api.calls
    assert (path, sent) == ("/login", {"identifier": IDENTIFIER, "pin": PIN})


def test_a_script_injected_into_the_page_does_not_run(scene: Scene) -> None:
    def inject(route: Route) -> None:
        answer = route.fetch()
        injected = "<script>window.ran = true</script><p onclick='window.ran = true'>press</p></body>"
        route.fulfill(response=answer, body=answer.text().replace("</body>", injected))

    scene.visitor.page.route(scene.url, inject)
    scene.sign_in()
    scene.visitor.page.get_by_text("press").click()

    refused = [line for line in scene.visitor.console if "script-src 'self'" in line]
    assert len(refused) == 2
    assert scene.visitor.page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "sink",
    [
        "document.body.innerHTML = '<p>'",
        "document.body.setAttribute('onclick', 'window.ran = 1')",
        "new DOMParser().parseFromString('<p>', 'text/html')",
        "eval('1')",
    ],
)
def test_no_markup_and_no_code_comes_out_of_a_string(scene: Scene, sink: str) -> None:
    scene.sign_in()
    # Later, for what the test itself evaluates is not bound by the page's policy.
    refused = scene.visitor.page.evaluate(
        f"new Promise(said => setTimeout(() => {{ try {{ {sink}; said(''); }} catch (e) {{ said(e.name); }} }}))"
    )

    assert refused in {"TypeError", "EvalError"}


def test_no_other_page_can_be_asked(scene: Scene) -> None:
    scene.sign_in()
    refused = scene.visitor.page.evaluate("fetch('http://127.0.0.1:9/').then(() => null, error => error.name)")

    assert refused == "TypeError"
    assert any("connect-src" in line for line in scene.visitor.console)
