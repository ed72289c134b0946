"""``make pictures``: makes the pictures in ``docs/``, and one of every portal screen in ``.local/screens``.

Letters and e-mails come from ``simulators/samples``; screens are shown in every state, on phone and desktop, light and
dark. Needs Chromium.
"""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pypdfium2
from PIL import Image

from emails.rendering import EmailRenderer
from letters.page.geometry import MAILEVA, PINGEN_RIGHT
from letters.page.typesetting import LetterTypesetter
from member_access.wording.texts import Language
from simulators.browser.chromium import running_chromium
from simulators.browser.portal import DESKTOP, PHONE, Colours, open_browser
from simulators.browser.portal_scenes import SCENES, Scene
from simulators.samples import emails, letters
from simulators.samples.insurer import INSURER
from simulators.scripted_api import ScriptedApi
from tools.pages import serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Browser

    from letters.page.geometry import AddressWindow

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
BRANDS: Final = DOCS / "brands"
SCREENS: Final = ROOT / ".local" / "screens"
LETTERS: Final = {
    "letter-maileva": (MAILEVA, Language.FRENCH),
    "letter-pingen": (PINGEN_RIGHT, Language.ENGLISH),
}
VIEWS: Final[tuple[tuple[Language, Colours, int], ...]] = (
    (Language.FRENCH, "light", 600),
    (Language.FRENCH, "dark", 320),
    (Language.ENGLISH, "light", 320),
    (Language.ENGLISH, "dark", 600),
)
SIZES: Final = {"phone": PHONE, "desktop": DESKTOP}
COLOURS: Final[tuple[Colours, ...]] = ("light", "dark")
IN_THE_README: Final = (("sign_in", "light"), ("wait", "light"), ("code", "dark"), ("identifier_found", "light"))
GREY: Final = "#8a8f94"


def letter_picture(window: AddressWindow, language: Language) -> Image.Image:
    """Draw the page of a sample letter, at about 110 dpi."""
    pdf = LetterTypesetter(INSURER, window).typeset(letters.code_letter(language=language))
    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=1.5, grayscale=True).to_pil()
    framed = Image.new("L", (page.width + 2, page.height + 2), 128)
    framed.paste(page, (1, 1))
    return framed


def email_picture(browser: Browser, name: str) -> Image.Image:
    """Show a sample e-mail in both languages, light and dark, on a screen and on a narrow phone."""
    renderer = EmailRenderer(INSURER)
    shots = []
    for language, colours, width in VIEWS:
        with browser.new_page(viewport={"width": width, "height": 400}, color_scheme=colours) as page:
            page.set_content(renderer.render(emails.MESSAGES[name], emails.ADDRESSEE, language).html)
            shots.append(Image.open(io.BytesIO(page.screenshot(full_page=True))))
    return side_by_side(shots, gap=16).quantize(64)


def screen_picture(
    browser: Browser, url: str, play: Callable[[Scene], None], size: dict[str, int], colours: Colours
) -> Image.Image:
    """Show a screen of the portal in a state, as a member sees it."""
    visitor = open_browser(browser, size=size, colours=colours, calm=True)
    with visitor.page.context:
        api = ScriptedApi(visitor.page)
        play(Scene(visitor, api, url))
        shot = visitor.page.screenshot(full_page=True)
        api.let_go()
        visitor.page.unroute_all(behavior="ignoreErrors")
        return Image.open(io.BytesIO(shot))


def brand_picture(browser: Browser, brand: Path) -> Image.Image:
    """Show the first screen and a mistake in a brand: on a desktop by day, on a phone by night."""
    with serving_pages(brand) as origin:
        day = screen_picture(browser, f"{origin}/", Scene.sign_in, DESKTOP, "light")
        night = screen_picture(browser, f"{origin}/", Scene.wrong_pin, PHONE, "dark")
    return side_by_side([day, night.crop((0, 0, night.width, min(night.height, day.height)))], gap=24)


def side_by_side(pictures: Sequence[Image.Image], gap: int) -> Image.Image:
    """Join pictures from left to right."""
    width = sum(one.width for one in pictures) + gap * (len(pictures) - 1)
    whole = Image.new("RGB", (width, max(one.height for one in pictures)), GREY)
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width + gap
    return whole


def make_brand_pictures() -> None:
    """Make the pictures of the brands in ``docs/brands``, by the same code that publishes a portal."""
    with running_chromium() as browser:
        for brand in sorted(path for path in BRANDS.iterdir() if path.is_dir()):
            brand_picture(browser, brand).quantize(128).save(BRANDS / f"{brand.name}.png", optimize=True)


def main() -> None:
    """Make all pictures."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for name, (window, language) in LETTERS.items():
        letter_picture(window, language).quantize(16).save(DOCS / f"{name}.png", optimize=True)
    screens: dict[tuple[str, str, str], Image.Image] = {}
    with serving_pages() as origin, running_chromium() as browser:
        for name in emails.MESSAGES:
            email_picture(browser, name).save(DOCS / f"email-{name.replace('_', '-')}.png", optimize=True)
        for (name, play), (size, pixels), colours in product(SCENES.items(), SIZES.items(), COLOURS):
            shot = screens[name, size, colours] = screen_picture(browser, f"{origin}/", play, pixels, colours)
            shot.save(SCREENS / f"{name}-{size}-{colours}.png")
    shown = side_by_side([screens[name, "phone", colours] for name, colours in IN_THE_README], gap=24)
    shown.quantize(128).save(DOCS / "portal.png", optimize=True)
    make_brand_pictures()
    print(f"{len(screens)} pictures in {SCREENS.relative_to(ROOT)}, the others in {DOCS.name}")


if __name__ == "__main__":
    main()
