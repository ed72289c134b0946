"""The pictures of the portal's screens, by ``make pictures``: in every state, on phone and desktop, light and dark.

All go into ``.local/screens``; the few that the README shows go into ``docs/``.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from simulators.browser.chromium import running_chromium
from simulators.browser.portal import DESKTOP, PHONE, Colours, open_browser
from simulators.browser.portal_scenes import SCENES, Scene
from simulators.scripted_api import ScriptedApi
from tools.pages import serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

ROOT: Final = Path(__file__).parent.parent
SCREENS: Final = ROOT / ".local" / "screens"
SIZES: Final = {"phone": PHONE, "desktop": DESKTOP}
COLOURS: Final[tuple[Colours, ...]] = ("light", "dark")
IN_THE_README: Final = (("sign_in", "light"), ("wait", "light"), ("code", "dark"), ("identifier_found", "light"))
GAP: Final = 24
GREY: Final = "#8a8f94"


def picture(browser: Browser, url: str, play: Callable[[Scene], None], size: str, colours: Colours) -> Image.Image:
    """A screen in a state, as a member sees it."""
    visitor = open_browser(browser, size=SIZES[size], colours=colours, calm=True)
    with visitor.page.context:
        api = ScriptedApi(visitor.page)
        play(Scene(visitor, api, url))
        shot = visitor.page.screenshot(full_page=True)
        api.let_go()
        visitor.page.unroute_all(behavior="ignoreErrors")
        return Image.open(io.BytesIO(shot))


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """One picture of several."""
    whole = Image.new(
        "RGB",
        (sum(one.width for one in pictures) + GAP * (len(pictures) - 1), max(one.height for one in pictures)),
        GREY,
    )
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole


def main() -> None:
    """Make them all."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    made: dict[tuple[str, str, str], Image.Image] = {}
    with serving_pages() as origin, running_chromium() as browser:
        for name, play in SCENES.items():
            for size in SIZES:
                for colours in COLOURS:
                    shot = picture(browser, f"{origin}/", play, size, colours)
                    made[name, size, colours] = shot
                    shot.save(SCREENS / f"{name}-{size}-{colours}.png")
    shown = side_by_side([made[name, "phone", colours] for name, colours in IN_THE_README])
    shown.quantize(128).save(ROOT / "docs" / "portal.png", optimize=True)
    print(f"{len(made)} pictures in {SCREENS.relative_to(ROOT)}, and docs/portal.png")


if __name__ == "__main__":
    main()
