"""Reads values of the file as insurers' systems and spreadsheets write them, with more patience than the API.

A value that cannot be read does not cost a member the sign-in, unless the member could not be recognised without it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

import idna

from member_access.errors import InvalidValue
from member_access.postal.countries import COUNTRY_NAMES
from member_access.values.birth_date import BirthDate
from member_access.values.countries import CountryCode
from member_access.values.email_address import EmailAddress
from member_access.values.iban import Iban
from member_access.values.typed_text import normalize
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from member_access.values.types import Instant


class Mended(NamedTuple):
    """A text, and what was mended in it, or None."""

    text: str
    remark: str | None


_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.]?([0-9]{2})[/.]?([0-9]{2})")
_MIDNIGHT: Final = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?$")
_SERIAL: Final = re.compile(r"[0-9]{1,5}(?:[.,]0+)?")
_MONTHS: Final = 12
_DAYS: Final = 31

_LANGUAGES: Final = {
    **dict.fromkeys(("", "fr", "fra", "fre", "francais", "french"), Language.FRENCH),
    **dict.fromkeys(("en", "eng", "anglais", "english"), Language.ENGLISH),
}
_APOSTROPHES: Final = re.compile("[’‘ʼ´`]")  # noqa: RUF001 - what people and word processors write
_ADDRESS_WITHIN: Final = re.compile(r"(?:mailto:|[^<>@]*<)?\s*([^<>\s]+@[^<>\s]+?)>?", re.IGNORECASE)


def read_birth_date(text: str, now: Instant) -> BirthDate:
    """Read a date as ``YYYY-MM-DD``, ``DD/MM/YYYY`` or ``YYYYMMDD``, possibly with the time of midnight.

    Only the first form knows months above 12: in the others they are a day, in a file of American dates.

    Raises:
        InvalidValue: it is none of these, or the year cannot be one of birth.
    """
    written = _MIDNIGHT.sub("", normalize(text))
    if match := _DAY_FIRST.fullmatch(written):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(written):
        year, month, day = match.groups()
    else:
        if _SERIAL.fullmatch(written):
            raise InvalidValue("a number of days, as a spreadsheet keeps dates; write it as YYYY-MM-DD")
        return BirthDate.parse(written, now)
    if int(month) > _MONTHS or int(day) > _DAYS:
        raise InvalidValue("no month has this number, or no day; write the date as YYYY-MM-DD")
    return BirthDate.parse(f"{year}-{int(month):02}-{int(day):02}", now)


def read_email(text: str) -> tuple[EmailAddress | None, str | None]:
    """Read an e-mail address. Write a Unicode domain by IDNA 2008, and a typographic apostrophe as a plain one.

    Returns:
        The address, or None without one; and a remark if it was left out or mended.
    """
    try:
        written = normalize(text.strip())
        if not written:
            return None, None
        if match := _ADDRESS_WITHIN.fullmatch(written):
            written = match[1]
        local, at, domain = written.rpartition("@")
        plain = _APOSTROPHES.sub("'", local)
        address = EmailAddress.parse(f"{plain}{at}{_ascii_domain(domain)}")
    except InvalidValue as error:
        return None, f"email: left out, letters instead ({error})"
    return address, None if plain == local else "email: a typographic apostrophe is written as a plain one"


def read_iban(text: str) -> tuple[Iban | None, str | None]:
    """Read an IBAN.

    Returns:
        The IBAN, or None without one; and a remark if it was left out.
    """
    if not text.strip():
        return None, None
    try:
        return Iban.parse(text), None
    except InvalidValue as error:
        return None, f"iban: left out ({error})"


def read_language(text: str) -> tuple[Language, str | None]:
    """Read a language by its code or name; French for any other.

    Returns:
        The language, and a remark if it is not known.
    """
    word = re.split("[-_]", _plain(text).lower())[0]
    if word in _LANGUAGES:
        return _LANGUAGES[word], None
    return Language.FRENCH, "language: unknown, French instead (the language must be fr or en, or empty for fr)"


def read_country(text: str) -> CountryCode:
    """Read a country by its code or its French name.

    Raises:
        InvalidValue: it is none.
    """
    return CountryCode.parse(_CODES.get(_letters(text), text))


def mended(text: str) -> Mended:
    """Mend what programs do to a name or address on its way: UTF-8 read twice, HTML's entities, line breaks."""
    if text.isascii() and text.isprintable() and "&" not in text:
        return Mended(text, None)
    faults = []
    if (once := _decoded_again(text)) != text:
        text = once
        faults.append("was in UTF-8 twice, and is read once")
    if "&" in text and (plain := html.unescape(text)) != text:
        text = plain
        faults.append("had characters written as in HTML")
    if not text.isprintable() and any(unicodedata.category(character) == "Cc" for character in text):
        faults.append("had a line break or another control character, which is left out")
    return Mended(text, "; ".join(faults) or None)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise InvalidValue("the domain of an e-mail address must be one of IDNA 2008") from None


def _decoded_again(text: str) -> str:
    if text.isascii():
        return text
    try:
        return b"".join(map(_byte_of, text)).decode()
    except UnicodeError:
        return text


def _byte_of(character: str) -> bytes:
    # Windows-1252 leaves five bytes undefined; programs read them as control characters.
    return character.encode("latin-1" if "\x80" <= character <= "\x9f" else "cp1252")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, _plain(text).upper()))


_CODES: Final = {"FRANCE": "FR", "FRA": "FR", **{_letters(name): code for code, name in COUNTRY_NAMES.items()}}
