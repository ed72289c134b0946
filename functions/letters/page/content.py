"""Builds the content of a letter from the member's record as it is now and the code of the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import ADDRESS_RETURNED, CODE_VOID, NO_MEMBER
from letters.model.print_provider import Letter, NotWanted
from letters.page.typesetting import CodeLetter, LetterTypesetter
from member_access.errors import InvalidValue
from member_access.members.store import address_is_returned, member_from_item, member_key
from member_access.platform.aws import Item, batch_get
from member_access.postal.address_block import AddressBlock, AddressCannotBePrinted, AddressColumns
from member_access.postal.address_text import AddressText
from member_access.recovery.store import reset_from_item, reset_key
from member_access.values.countries import CountryCode
from member_access.values.postcode import Postcode

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from letters.model.job import LetterJob
    from member_access.recovery.codes import OneTimeCodes
    from member_access.values.types import Instant
    from member_access.wording.texts import Language


@dataclass(frozen=True)
class LetterContents:
    """Finds the content for a job."""

    dynamodb: DynamoDBClient
    members_table: str
    access_table: str
    codes: OneTimeCodes
    typesetter: LetterTypesetter
    now: Callable[[], Instant]

    def of(self, job: LetterJob) -> Letter | NotWanted:
        """The letter of a job, unless the member is gone or the code no longer works.

        Raises:
            AddressCannotBePrinted: the member's record has no readable address.
            Unavailable: DynamoDB did not answer.
        """
        member, access = member_key(job.identifier), self.access_table
        key = reset_key(job.subject, job.purpose)
        found = batch_get(self.dynamodb, {self.members_table: [member], access: [key]})
        item = found.get((self.members_table, member))
        recipient = member_from_item(item, self.now())
        if item is None or recipient is None:
            return NotWanted(NO_MEMBER)
        # A code works until the member uses it, sets a new PIN or requests another letter.
        code = reset_from_item(found.get((access, key))).letter
        if code is None or code.request_id != job.letter_id.request_id:
            return NotWanted(CODE_VOID)
        # An invitation may have met the first PIN on its way into the table.
        if job.is_invitation and recipient.credential.pin_hash is not None:
            return NotWanted(CODE_VOID)
        if address_is_returned(item):
            return NotWanted(ADDRESS_RETURNED)
        address = address_of(item)
        language, has_email = recipient.language, recipient.email is not None
        return Letter(job.letter_id, address, lambda: self._page(job, language, address), has_email)

    def _page(self, job: LetterJob, language: Language, address: AddressBlock) -> bytes:
        code = self.codes.of(job.identifier).by_letter(job.letter_id.request_id, job.purpose)
        return self.typesetter.typeset(
            CodeLetter(code, job.requested_at, job.code_expires_at, language, address, job.is_invitation, job.purpose)
        )


def address_of(item: Item) -> AddressBlock:
    """The address in a member's record.

    Raises:
        AddressCannotBePrinted: the post could not read it.
    """
    try:
        postcode, country = Postcode.parse(_text(item, "postcode")), CountryCode.parse(_text(item, "country"))
    except InvalidValue as error:
        raise AddressCannotBePrinted(f"The member's record cannot be read: {error}.") from None
    lines = {name: AddressText.tidy(_text(item, name)) for name in _LINES}
    return AddressBlock.of_member(AddressColumns(**lines, postcode=postcode, country=country))


_LINES = ("first_name", "last_name", "address_2", "address_3", "address_4", "address_5", "town")


def _text(item: Item, name: str) -> str:
    return item[name]["S"] if name in item else ""
