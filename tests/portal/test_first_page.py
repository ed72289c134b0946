"""The portal weighs little, loads nothing from others, and gives nothing away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from local.published_site import published as published_site
from simulators.browser.portal_scenes import PIN, SCENES, Scene
from simulators.scripted_api import IDENTIFIER, TOKENS
from tools.cost.bill import assumption
from tools.pages import site_folder

if TYPE_CHECKING:
    from playwright.sync_api import Response, Route

MOST_SHIFTED = 0.05
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


@dataclass(frozen=True)
class Budget:
    """The most that the first page may need, until its form shows and the network is quiet."""

    files: int
    bytes: int


AS_WRITTEN = Budget(files=24, bytes=87_500)
AS_PUBLISHED = Budget(files=24, bytes=71_300)


def first_page(scene: Scene) -> dict[str, Response]:
    """The answers to the requests of the first page, by path."""
    answers: dict[str, Response] = {}
    # The rest loads when someone uses the page or a while later, and this clock stands still.
    scene.visitor.page.clock.install(time=0)
    scene.visitor.page.clock.pause_at(3600)

    def note(answer: Response) -> None:
        if "/v1/" not in answer.url:
            answers[urlsplit(answer.url).path] = answer

    scene.visitor.page.on("response", note)
    scene.sign_in()
    scene.visitor.page.wait_for_load_state("networkidle")
    return answers


def test_the_first_page_weighs_little_and_loads_nothing_from_others(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = first_page(scene)
    weight = sum(len(answer.body()) for answer in list(answers.values()))
    with capsys.disabled():
        print(f"\nThe portal's first page: {weight:,} bytes in {len(answers)} files")  # noqa: T201 - asked for

    assert "/main.js" in answers
    assert weight < AS_WRITTEN.bytes
    assert len(answers) <= AS_WRITTEN.files
    assert {answer.status for answer in answers.values()} == {200}
    assert scene.visitor.console == []


def test_the_published_first_page_weighs_less_and_is_kept_by_browsers(
    published: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = first_page(published)
    weight = sum(len(answer.body()) for answer in list(answers.values()))
    again = {path for path, answer in answers.items() if "immutable" not in answer.headers["cache-control"]}
    with capsys.disabled():
        print(f"\nThe published first page: {weight:,} bytes in {len(answers)} files")  # noqa: T201 - asked for

    assert weight < AS_PUBLISHED.bytes
    assert len(answers) <= AS_PUBLISHED.files
    assert again == {"/", "/config.json", "/brand/notice.json"}
    assert published.visitor.console == []


def test_the_costs_count_what_a_browser_loads_at_a_first_and_a_later_visit(published: Scene) -> None:
    answers = first_page(published)
    again = [path for path, answer in answers.items() if "immutable" not in answer.headers["cache-control"]]
    page = published.visitor.page
    page.clock.resume()
    with page.expect_event("response", lambda _: len(answers) == assumption("page_files_new")):
        published.visitor.field(published.visitor.words.identifier).focus()

    answers = dict(answers)
    assert len(again) == assumption("page_files")
    assert sum(len(answer.body()) for answer in answers.values()) < assumption("page_bytes")


def test_every_published_module_loads_and_every_screen_opens(published: Scene) -> None:
    """In the browser, which finds what a search by names does not."""
    published.sign_in()
    page = published.visitor.page
    files = [name for name in published_site(site_folder()()) if name.endswith(".js")]
    failed = page.evaluate(
        "(names) => Promise.all(names.map((name) => import(`/${name}`).then(() => '', () => name)))", files
    )
    assert set(failed) == {""}

    published.visitor.press(published.visitor.words.keypad)
    page.get_by_role("group", name=published.visitor.words.keypad).wait_for()
    published.wrong_iban()
    published.visitor.press("EN English")
    published.visitor.sees("One last check")
    assert [line for line in published.visitor.console if "401" not in line] == []


WATCHED = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    // What an answer says may push the form down; a screen that comes may not.
    if (document.querySelector("main .alert, main .error-summary")) return;
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_stays_still_loads_nothing_from_others_and_keeps_no_secret(scene: Scene, name: str) -> None:
    scene.visitor.page.add_init_script(WATCHED)
    SCENES[name](scene)
    origin = scene.url.rstrip("/")

    assert scene.visitor.page.evaluate("window.shifted") < MOST_SHIFTED

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
