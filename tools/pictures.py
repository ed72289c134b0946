"""The pictures of the letters and e-mails in ``docs/``, from the samples of the tests: ``python -m tools.pictures``.

Needs Chromium for the e-mails.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pypdfium2
from PIL import Image

from emails.rendering import EmailRenderer
from letters.page.geometry import MAILEVA, PINGEN_RIGHT
from letters.page.typesetting import LetterTypesetter
from member_access.wording.texts import Language
from simulators.browser.chromium import running_chromium
from simulators.samples import emails, letters
from simulators.samples.insurer import INSURER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from letters.page.geometry import AddressWindow

DOCS: Final = Path(__file__).parent.parent / "docs"
LETTERS: Final = {
    "letter-maileva": (MAILEVA, Language.FRENCH),
    "letter-pingen": (PINGEN_RIGHT, Language.ENGLISH),
}
VIEWS: Final[tuple[tuple[Language, Literal["light", "dark"], int], ...]] = (
    (Language.FRENCH, "light", 600),
    (Language.FRENCH, "dark", 320),
    (Language.ENGLISH, "light", 320),
    (Language.ENGLISH, "dark", 600),
)
GAP: Final = 16
GREY: Final = "#8a8f94"


def letter_picture(window: AddressWindow, language: Language) -> Image.Image:
    """The page of a sample letter, at about 110 dpi."""
    pdf = LetterTypesetter(INSURER, window).typeset(letters.code_letter(language=language))
    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=1.5, grayscale=True).to_pil()
    framed = Image.new("L", (page.width + 2, page.height + 2), 128)
    framed.paste(page, (1, 1))
    return framed


def email_picture(browser: Browser, name: str) -> Image.Image:
    """A sample e-mail side by side in both languages, by day and by night, on a screen and on a narrow phone."""
    renderer = EmailRenderer(INSURER)
    shots = []
    for language, colours, width in VIEWS:
        with browser.new_page(viewport={"width": width, "height": 400}, color_scheme=colours) as page:
            page.set_content(renderer.render(emails.MESSAGES[name], language).html)
            shots.append(Image.open(io.BytesIO(page.screenshot(full_page=True))))
    side_by_side = Image.new(
        "RGB",
        (sum(shot.width for shot in shots) + GAP * (len(shots) - 1), max(shot.height for shot in shots)),
        GREY,
    )
    left = 0
    for shot in shots:
        side_by_side.paste(shot, (left, 0))
        left += shot.width + GAP
    return side_by_side.quantize(64)


def main() -> None:
    """Make them all."""
    for name, (window, language) in LETTERS.items():
        letter_picture(window, language).quantize(16).save(DOCS / f"{name}.png", optimize=True)
    with running_chromium() as browser:
        for name in emails.MESSAGES:
            email_picture(browser, name).save(DOCS / f"email-{name.replace('_', '-')}.png", optimize=True)


if __name__ == "__main__":
    main()
