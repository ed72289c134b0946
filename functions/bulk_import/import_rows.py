"""The rules for a row of the insurer's file, and the values parsed from it. Does no input or output."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.errors import InvalidValue, MemberAccessError
from member_access.values.birth_date import BirthDate
from member_access.values.countries import CountryCode
from member_access.values.email_address import EmailAddress
from member_access.values.iban import Iban
from member_access.values.nir import Nir
from member_access.values.postal_address import AddressLine, name_line, town_line, written_postcode
from member_access.values.postcode import Postcode
from member_access.values.typed_text import normalize
from member_access.values.types import Identifier
from member_access.wording.texts import Language

if TYPE_CHECKING:
    import re
    from collections.abc import Generator, Sequence

    from member_access.values.types import Instant

COLUMNS = (
    "identifier",
    "nir",
    "birth_date",
    "last_name",
    "first_name",
    "address_2",
    "address_3",
    "address_4",
    "address_5",
    "postcode",
    "town",
    "country",
    "email",
    "iban",
    "language",
)
_OPTIONAL_LINES = ("address_2", "address_3", "address_4", "address_5")
_REQUIRED_LINES = ("last_name", "first_name", "town")


class RejectedRow(MemberAccessError):
    """A rejected row. The reasons name columns and rules, and repeat no value."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))


@dataclass(frozen=True)
class MemberDetails:
    """The columns that the Members table keeps in clear, under the same names.

    Attributes:
        postcode: as written in the address; empty in countries without postcodes.
        email: None if the insurer has none.
    """

    identifier: Identifier
    last_name: AddressLine
    first_name: AddressLine
    address_2: AddressLine
    address_3: AddressLine
    address_4: AddressLine
    address_5: AddressLine
    postcode: str
    town: AddressLine
    country: CountryCode
    email: EmailAddress | None
    language: Language


@dataclass(frozen=True)
class IdentityFields:
    """The three facts by which a member finds a forgotten identifier."""

    nir: Nir
    birth_date: BirthDate
    postcode: Postcode


@dataclass(frozen=True)
class MemberRow:
    """A valid row.

    Attributes:
        iban: the IBAN that benefits are paid to, or None.
    """

    details: MemberDetails
    identity: IdentityFields
    iban: Iban | None


class _Reasons(list[str]):
    """Every fault of a row, so that an operator can correct all of them at once."""

    @contextmanager
    def of(self, columns: str) -> Generator[None]:
        try:
            yield
        except InvalidValue as error:
            self.append(f"{columns}: {error}")


def parse_row(fields: Sequence[str], identifier_pattern: re.Pattern[str], now: Instant) -> MemberRow:
    """Check a row and parse its fields.

    Args:
        fields: in the order of ``COLUMNS``.
        identifier_pattern: the stack's pattern for identifiers.
        now: birth dates after it are rejected.

    Raises:
        RejectedRow: with every reason.
    """
    if len(fields) != len(COLUMNS):
        raise RejectedRow([f"the row has {len(fields)} columns instead of {len(COLUMNS)}"])
    row = dict(zip(COLUMNS, fields, strict=True))
    reasons = _Reasons()
    with reasons.of("identifier"):
        identifier = Identifier.parse(_present(row["identifier"]), identifier_pattern)
    with reasons.of("nir"):
        nir = Nir.parse(_present(row["nir"]))
    with reasons.of("birth_date"):
        birth_date = BirthDate.parse(_present(row["birth_date"]), now)
    lines: dict[str, AddressLine] = {}
    for column in _REQUIRED_LINES:
        with reasons.of(column):
            lines[column] = AddressLine.parse(_present(row[column]))
    for column in _OPTIONAL_LINES:
        with reasons.of(column):
            lines[column] = AddressLine.parse(row[column])
    with reasons.of("country"):
        country = CountryCode.parse(row["country"])
    with reasons.of("postcode"):
        postcode = Postcode.parse(row["postcode"])
    email = iban = None
    with reasons.of("email"):
        email = EmailAddress.parse(row["email"]) if row["email"].strip() else None
    with reasons.of("iban"):
        iban = Iban.parse(row["iban"]) if row["iban"].strip() else None
    with reasons.of("language"):
        language = _language(row["language"])
    if reasons:
        raise RejectedRow(reasons)

    with reasons.of("first_name and last_name"):
        name_line(lines["first_name"], lines["last_name"])
    with reasons.of("postcode"):
        written = written_postcode(postcode, country)
    if not reasons:
        with reasons.of("postcode and town"):
            town_line(postcode, lines["town"], country)
    if reasons:
        raise RejectedRow(reasons)
    return MemberRow(
        MemberDetails(
            identifier=identifier, postcode=written, country=country, email=email, language=language, **lines
        ),
        IdentityFields(nir, birth_date, postcode),
        iban,
    )


def readable_identifier(fields: Sequence[str], identifier_pattern: re.Pattern[str]) -> Identifier | None:
    """Return the identifier of a row, even a rejected one, or None if it cannot be read."""
    try:
        return Identifier.parse(fields[0], identifier_pattern) if fields else None
    except InvalidValue:
        return None


def _present(text: str) -> str:
    if not text.strip():
        raise InvalidValue("missing")
    return text


def _language(text: str) -> Language:
    try:
        return Language(normalize(text).lower() or Language.FRENCH)
    except ValueError:
        raise InvalidValue("the language must be fr or en, or empty for fr") from None
