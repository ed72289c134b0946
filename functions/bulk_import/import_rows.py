"""The rules for a row of the insurer's file, and the values parsed from it. Does no input or output.

A row is rejected only if the member could not be recognised, or no letter could be addressed. Everything else that is
wrong becomes a remark: the member is loaded without the value, or with it in a form that letters can print.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bulk_import.row_values import mended, read_birth_date, read_country, read_email, read_iban, read_language
from member_access.errors import InvalidValue, MemberAccessError
from member_access.postal.address_block import AddressCannotBePrinted, AddressColumns, compose
from member_access.postal.address_text import AddressText
from member_access.values.nir import Nir
from member_access.values.postal_address import written_postcode
from member_access.values.postcode import Postcode
from member_access.values.types import Identifier

if TYPE_CHECKING:
    import re
    from collections.abc import Generator, Sequence

    from member_access.values.birth_date import BirthDate
    from member_access.values.countries import CountryCode
    from member_access.values.email_address import EmailAddress
    from member_access.values.iban import Iban
    from member_access.values.types import Instant
    from member_access.wording.texts import Language

_Value = TypeVar("_Value")

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
_TEXTS = ("last_name", "first_name", "address_2", "address_3", "address_4", "address_5", "town")


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
    last_name: AddressText
    first_name: AddressText
    address_2: AddressText
    address_3: AddressText
    address_4: AddressText
    address_5: AddressText
    postcode: str
    town: AddressText
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
        remarks: what was left out or mended, each with its column; they repeat no value.
    """

    details: MemberDetails
    identity: IdentityFields
    iban: Iban | None
    remarks: tuple[str, ...] = ()


class _Reasons(list[str]):
    """Every fault of a row, so that an operator can correct all of them at once."""

    @contextmanager
    def of(self, columns: str) -> Generator[None]:
        try:
            yield
        except InvalidValue as error:
            self.append(f"{columns}: {error}")


class _Remarks(list[str]):
    """What was left out or mended in a row."""

    def noting(self, read: tuple[_Value, str | None]) -> _Value:
        value, remark = read
        if remark:
            self.append(remark)
        return value

    def text(self, column: str, written: str) -> AddressText:
        text, fault = mended(written)
        if fault:
            self.append(f"{column}: {fault}")
        tidy = AddressText.tidy(text)
        if len(tidy) < len(text.strip()) and len(tidy) >= AddressText.MAX_LENGTH - 1:
            self.append(f"{column}: cut after {AddressText.MAX_LENGTH} characters")
        return tidy


def parse_row(fields: Sequence[str], identifier_pattern: re.Pattern[str], now: Instant) -> MemberRow:
    """Check a row and parse its fields.

    Args:
        fields: in the order of ``COLUMNS``.
        identifier_pattern: the stack's pattern for identifiers.
        now: birth dates after it are rejected.

    Raises:
        RejectedRow: with every reason.
    """
    row = dict(zip(COLUMNS, fields, strict=True))
    reasons, remarks = _Reasons(), _Remarks()
    with reasons.of("identifier"):
        identifier = Identifier.parse(_present(row["identifier"]), identifier_pattern)
    with reasons.of("nir"):
        nir = Nir.parse(_present(row["nir"]))
    with reasons.of("birth_date"):
        birth_date = read_birth_date(_present(row["birth_date"]), now)
    with reasons.of("country"):
        country = read_country(row["country"])
    with reasons.of("postcode"):
        postcode = Postcode.parse(row["postcode"])
    if not any(reason.startswith(("country:", "postcode:")) for reason in reasons):
        with reasons.of("postcode"):
            written = written_postcode(postcode, country)
    texts = {column: remarks.text(column, row[column]) for column in _TEXTS}
    if not texts["last_name"]:
        (remarks if texts["first_name"] else reasons).append("last_name: missing")
    if not texts["town"]:
        reasons.append("town: missing")
    email = remarks.noting(read_email(row["email"]))
    iban = remarks.noting(read_iban(row["iban"]))
    language = remarks.noting(read_language(row["language"]))
    if reasons:
        raise RejectedRow([*reasons, *remarks])

    try:
        address = compose(AddressColumns(postcode=postcode, country=country, **texts))
    except AddressCannotBePrinted as error:
        raise RejectedRow([f"address: {error}", *remarks]) from None
    return MemberRow(
        MemberDetails(
            identifier=identifier, postcode=written, country=country, email=email, language=language, **texts
        ),
        IdentityFields(nir, birth_date, postcode),
        iban,
        (*remarks, *address.remarks),
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
