"""``make pictures``: makes the pictures in ``docs/``, and one of every portal screen in ``.local/screens``.

Letters and e-mails come from ``simulators/samples``; screens are shown in every state, on phone and desktop, light and
dark: the example brand in both languages, the two brands of ``docs/brands`` in French. Needs Chromium.
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
from simulators.browser.portal import DESKTOP, ENGLISH, FRENCH, PHONE, Colours, Visitor, Words, open_browser
from simulators.browser.portal_scenes import SCENES, Scene
from simulators.samples import emails, letters
from simulators.samples.insurer import INSURER
from simulators.scripted_api import ScriptedApi
from tools.pages import serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
LANGUAGES: Final = {"fr": FRENCH, "en": ENGLISH}
IN_THE_README: Final = ("sign_in-desktop-light", "wait-phone-light", "code-phone-dark")
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


def screen_picture(visitor: Visitor, url: str, play: Callable[[Scene], None]) -> Image.Image:
    """Show a screen of the portal in a state, as a member sees it."""
    with visitor.page.context:
        api = ScriptedApi(visitor.page)
        play(Scene(visitor, api, url))
        shot = visitor.page.screenshot(full_page=True)
        api.let_go()
        visitor.page.unroute_all(behavior="ignoreErrors")
        return Image.open(io.BytesIO(shot))


def screen_pictures(browser: Browser, brand: Path | None, words: Words) -> Iterator[tuple[str, Image.Image]]:
    """Show every screen in every state, on phone and desktop, light and dark; name each picture."""
    with serving_pages(brand) as origin:
        for (name, play), (size, pixels), colours in product(SCENES.items(), SIZES.items(), COLOURS):
            visitor = open_browser(browser, words, pixels, colours, calm=True)
            yield f"{name}-{size}-{colours}", screen_picture(visitor, f"{origin}/", play)


def brand_picture(browser: Browser, brand: Path) -> Image.Image:
    """Show the first screen and a mistake in a brand: on a desktop by day, on a phone by night."""
    with serving_pages(brand) as origin:
        on_a_desktop = open_browser(browser, FRENCH, DESKTOP, "light", calm=True)
        day = screen_picture(on_a_desktop, f"{origin}/", Scene.sign_in)
        on_a_phone = open_browser(browser, FRENCH, PHONE, "dark", calm=True)
        night = screen_picture(on_a_phone, f"{origin}/", Scene.wrong_pin)
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


def brands() -> list[Path]:
    """Return the folders of the two brands that ``docs/branding.md`` shows."""
    return sorted(path for path in BRANDS.iterdir() if path.is_dir())


def make_screen_pictures(browser: Browser) -> int:
    """Make a picture of every screen, and that of the README; return how many."""
    shown: dict[str, Image.Image] = {}
    made = 0
    views = [(None, code) for code in LANGUAGES] + [(brand, "fr") for brand in brands()]
    for brand, code in views:
        folder = SCREENS / (brand.name if brand else "example") / code
        folder.mkdir(parents=True, exist_ok=True)
        for name, shot in screen_pictures(browser, brand, LANGUAGES[code]):
            shot.save(folder / f"{name}.png")
            made += 1
            if (brand, code) == (None, "fr") and name in IN_THE_README:
                shown[name] = shot
    height = shown[IN_THE_README[0]].height
    cropped = [shown[name].crop((0, 0, shown[name].width, min(height, shown[name].height))) for name in IN_THE_README]
    side_by_side(cropped, gap=24).quantize(128).save(DOCS / "portal.png", optimize=True)
    return made


def main() -> None:
    """Make all pictures."""
    for name, (window, language) in LETTERS.items():
        letter_picture(window, language).quantize(16).save(DOCS / f"{name}.png", optimize=True)
    with running_chromium() as browser:
        for name in emails.MESSAGES:
            email_picture(browser, name).save(DOCS / f"email-{name.replace('_', '-')}.png", optimize=True)
        for brand in brands():
            brand_picture(browser, brand).quantize(128).save(BRANDS / f"{brand.name}.png", optimize=True)
        made = make_screen_pictures(browser)
    print(f"{made} pictures in {SCREENS.relative_to(ROOT)}, the others in {DOCS.name}")


if __name__ == "__main__":
    main()
