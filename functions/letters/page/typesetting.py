"""The letter that carries a one-time code: its facts in, a PDF out.

The code is part of the page, so the PDF is a secret too: it goes to the print provider and nowhere else.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from letters.model.address_block import LetterCannotBeSet
from letters.page.geometry import SENDER
from letters.page.preflight import preflight
from letters.page.wording import letter_wording
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from letters.model.address_block import AddressBlock
    from letters.page.geometry import AddressWindow
    from member_access.values.types import Instant, OneTimeCode
    from member_access.wording.insurer import Insurer

_HERE: Final = Path(__file__).parent
_STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
_REGIONS: Final = {Language.FRENCH: "FR", Language.ENGLISH: "GB"}
_NOT_IN_THE_FONT: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


@dataclass(frozen=True)
class CodeLetter:
    """What is written to one member.

    Attributes:
        code: works once; it is printed in two groups of three.
        requested_at: when it was asked for. It is the date in the PDF, so that the same request gives the same
            bytes whenever, and however often, the letter is made.
        expires_at: until when the code works.
        language: the member's.
        address: where it goes.
    """

    code: OneTimeCode
    requested_at: Instant
    expires_at: Instant
    language: Language
    address: AddressBlock


class LetterTypesetter:
    """Sets letters with Typst, from the template and the fonts beside this module and from nothing else."""

    def __init__(self, insurer: Insurer, window: AddressWindow) -> None:
        self._insurer = insurer
        self._window = window
        self._compiler = typst.Compiler(
            input=_HERE / "letter.typ",
            root=_HERE,
            font_paths=[_HERE / "fonts"],
            ignore_system_fonts=True,
        )

    def typeset(self, letter: CodeLetter) -> bytes:
        """Make the PDF and look it over: one A4 page, PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).

        PDF/A is what the post archives and prints alike, PDF/UA what a screen reader can follow; both make Typst
        refuse a character that the font lacks, which it would leave out of a plain PDF without a word.

        Raises:
            LetterCannotBeSet: a character is missing from the font, or something does not fit into its place.
            PreflightFailed: something is printed where it must not be.
        """
        try:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs={"letter": json.dumps(self._content(letter))},
                pdf_standards=_STANDARDS,
                timestamp=letter.requested_at,
            )
        except typst.TypstError as error:
            # Typst quotes what it could not set: neither its message nor its traceback may go into a log.
            raise LetterCannotBeSet(_complaint(error)) from None
        if not isinstance(pdf, bytes):
            raise LetterCannotBeSet("Typst did not make one PDF.")
        preflight(pdf, letter, self._window)
        return pdf

    def _content(self, letter: CodeLetter) -> dict[str, object]:
        wording = letter_wording(letter.language, self._insurer, letter.requested_at, letter.expires_at)
        digits = letter.code.reveal()
        return {
            "language": letter.language.value,
            "region": _REGIONS[letter.language],
            "insurer": {**asdict(self._insurer), "zone": asdict(SENDER)},
            "wording": asdict(wording),
            "code": f"{digits[:3]} {digits[3:]}",
            "address": self._window.address and {"lines": letter.address.printed, "zone": asdict(self._window.address)},
        }


def _complaint(error: typst.TypstError) -> str:
    missing = {character for text in _NOT_IN_THE_FONT.findall(error.diagnostic) for character in text}
    if missing:
        names = ", ".join(sorted(f"U+{ord(character):04X}" for character in missing))
        return f"The letter's font has no {names}: spell the name or address with other letters."
    panic = re.match(r"assertion failed: (the [a-z ]+)$", error.message)
    return f"{panic[1].capitalize()}." if panic else "Typst could not set the letter."
