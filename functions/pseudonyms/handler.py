"""Returns the pseudonyms of members to the desk, which must not use the keys that make them.

With the key of the sign-in's pseudonyms, which is that of the PIN hashes too, someone at the desk could search the
hashes for PINs. For an identifier that is no member's the function returns nothing: people type their PIN in the
identifier's place, and the pseudonyms of all PINs would show who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from member_access.members.pseudonyms import OwnPseudonyms
from member_access.members.store import member_key
from member_access.members.tombstones import TombstoneKeys
from member_access.platform.aws import batch_get
from member_access.platform.runtime import Handler, LambdaHandler
from member_access.values.types import Identifier
from pseudonyms.settings import PseudonymSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Runtime

MOST_IDENTIFIERS = 50
"""In one call: DynamoDB reads a hundred items at once, and each identifier takes two."""


class MemberPseudonyms(TypedDict):
    """The pseudonyms of one member.

    Attributes:
        subject: of the identifier, for the sign-in and the reset.
        searched: of the identifier, for the search for it.
        iban: of the identifier, for the counter of guesses at the end of the IBAN.
        tombstone: the partition key of what is left after a removal.
    """

    subject: str
    searched: str
    iban: str
    tombstone: str


class Answer(TypedDict):
    """The answer of the function.

    Attributes:
        members: by identifier; removed members included, others left out.
        browsers: by the hash of a known browser, for the counter of its own searches.
    """

    members: dict[str, MemberPseudonyms]
    browsers: dict[str, str]


def compose(runtime: Runtime) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not answer.
    """
    settings = PseudonymSettings.from_environment(runtime.environment)
    clients, table = runtime.clients, settings.members_table
    signing_in = OwnPseudonyms.with_key_of(clients.kms, settings.sign_in_key_arn)
    searching = OwnPseudonyms.with_key_of(clients.kms, settings.search_key_arn)
    tombstones = TombstoneKeys.from_kms(clients.kms, settings.search_key_arn)

    def answer(event: dict[str, Any], _context: LambdaContext) -> Answer:
        """Return pseudonyms.

        Args:
            event: ``identifiers``, at most ``MOST_IDENTIFIERS``, and ``browsers``, hashes of known ones.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        keys = {
            identifier: (member_key(identifier), tombstones.of(identifier))
            for identifier in map(Identifier, event["identifiers"])
        }
        wanted = [key for pair in keys.values() for key in pair]
        found = {key for _, key in batch_get(clients.dynamodb, {table: wanted}, {table: ("pk",)})} if wanted else set()
        return {
            "members": {
                identifier: {
                    "subject": signing_in.of("identifier", identifier),
                    "searched": searching.of("identifier", identifier),
                    "iban": searching.of("iban", identifier),
                    "tombstone": pair[1],
                }
                for identifier, pair in keys.items()
                if found.intersection(pair)
            },
            "browsers": {browser: searching.of("device", browser) for browser in event.get("browsers", [])},
        }

    return answer


handler = LambdaHandler(compose)
