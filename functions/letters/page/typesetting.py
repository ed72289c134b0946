"""Typesets the letter that carries a one-time code.

The code is part of the page, so the PDF is a secret too: it goes to the print provider and nowhere else.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from letters.page.geometry import LOGO, SENDER
from letters.page.preflight import preflight
from letters.page.wording import confirmation_wording, invitation_wording, letter_wording
from member_access.postal.address_block import LetterCannotBeSet
from member_access.recovery.codes import Purpose
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from letters.page.geometry import AddressWindow
    from member_access.postal.address_block import AddressBlock
    from member_access.values.types import Instant, LetterCode
    from member_access.wording.insurer import Insurer

_HERE: Final = Path(__file__).parent
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
_REGIONS: Final = {Language.FRENCH: "FR", Language.ENGLISH: "GB"}
_WORDINGS: Final = {Purpose.RESET: letter_wording, Purpose.CONFIRM: confirmation_wording}
_NOT_IN_THE_FONT: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


LOGO_FILE: Final = _HERE / "brand" / "logo.svg"
"""The logo of the example; the build replaces it with the insurer's."""


@dataclass(frozen=True)
class CodeLetter:
    """The content of a letter to one member.

    Attributes:
        code: works once; printed in pairs.
        requested_at: also the date in the PDF, so that typesetting the same request again gives the same bytes.
        expires_at: when the code stops working.
        language: the member's.
        address: the member's.
        is_invitation: whether the member has no PIN yet and has asked for nothing.
        purpose: of the code.
    """

    code: LetterCode
    requested_at: Instant
    expires_at: Instant
    language: Language
    address: AddressBlock
    is_invitation: bool = False
    purpose: Purpose = Purpose.RESET


class LetterTypesetter:
    """Typesets letters with Typst, from only the template, the logo and the fonts beside this module.

    Args:
        insurer: the sender.
        window: of the provider's envelope.
        logo: an SVG file, whose letters are outlines; no such file for letters without a logo.
    """

    def __init__(self, insurer: Insurer, window: AddressWindow, logo: Path = LOGO_FILE) -> None:
        self._insurer = insurer
        self._window = window
        self._logo = logo.read_text(encoding="utf-8") if logo.exists() else None
        self._compiler = typst.Compiler(
            input=_HERE / "letter.typ",
            root=_HERE,
            font_paths=[_HERE / "fonts"],
            ignore_system_fonts=True,
        )

    def typeset(self, letter: CodeLetter) -> bytes:
        """Make and check the PDF: one A4 page, PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

        Printers reproduce PDF/A alike, and screen readers can follow PDF/UA. Both make Typst reject a character that
        the font lacks; it would silently leave it out of a plain PDF.

        Raises:
            LetterCannotBeSet: the font lacks a character, or something does not fit into its place.
            PreflightFailed: the page has ink in the wrong place.
        """
        try:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs={"letter": json.dumps(self._content(letter))},
                pdf_standards=_STANDARDS,
                timestamp=letter.requested_at,
            )
        except typst.TypstError as error:
            # Typst quotes the text that it could not set: neither its message nor its traceback may go into a log.
            raise LetterCannotBeSet(_complaint(error)) from None
        if not isinstance(pdf, bytes):
            raise LetterCannotBeSet("Typst did not make one PDF.")
        preflight(pdf, letter.code, letter.address, self._window)
        return pdf

    def _content(self, letter: CodeLetter) -> dict[str, object]:
        write = invitation_wording if letter.is_invitation else _WORDINGS[letter.purpose]
        wording = write(letter.language, self._insurer, letter.requested_at, letter.expires_at)
        digits, zone = letter.code.reveal(), self._window.address
        return {
            "language": letter.language.value,
            "region": _REGIONS[letter.language],
            "insurer": {**asdict(self._insurer), "zone": SENDER._asdict()},
            "logo": self._logo and {"svg": self._logo, "zone": LOGO._asdict()},
            "wording": asdict(wording),
            "code": " ".join(digits[start : start + 2] for start in range(0, len(digits), 2)),
            "address": zone and {"lines": letter.address.printed, "zone": zone._asdict()},
        }


def _complaint(error: typst.TypstError) -> str:
    missing = {character for text in _NOT_IN_THE_FONT.findall(error.diagnostic) for character in text}
    if missing:
        names = ", ".join(sorted(f"U+{ord(character):04X}" for character in missing))
        return f"The letter's font has no {names}: spell the name or address with other letters."
    panic = re.match(r"assertion failed: (the [a-z ]+)$", error.message)
    return f"{panic[1].capitalize()}." if panic else "Typst could not set the letter."
