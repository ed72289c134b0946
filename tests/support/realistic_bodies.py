"""Bodies that pass validation: what people type, of members and others, right and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests import Session  # type: ignore[import-untyped]  # what schemathesis calls by has no types
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped]  # the same

from tests.support.members import with_key
from tests.support.stack_members import PIN

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

    from tests.support.stack_members import Member

SHARE_OF_MEMBERS = 0.25


def plausible_body(
    fields: Iterable[str], members: Sequence[Member], challenges: Sequence[str], randomness: random.Random
) -> dict[str, JsonValue]:
    """A value for each field, as a front-end would send it.

    Args:
        fields: their names.
        members: members of the stack.
        challenges: what was answered before.
        randomness: chooses.
    """
    pick = randomness.choice
    number = randomness.randrange(10**6)
    row = pick(members).row
    # Data match together or not at all; most match no member, for a member soon has to wait.
    is_member = randomness.random() < SHARE_OF_MEMBERS
    new_pin = f"{randomness.randrange(10**6):06}"
    values = {
        "identifier": row["identifier"] if is_member else f"Q{number:07}",
        "pin": pick([PIN, f"{number:06}"]),
        "pin_confirmation": pick([PIN, f"{number:06}"]),
        "new_pin": new_pin,
        "new_pin_confirmation": pick([new_pin, PIN]),
        "code": f"{number:06}",
        "reset_token": randomness.randbytes(32).hex(),
        "nir": row["nir"] if is_member else pick([with_key(f"2850375{number:06}"), f"2850375{number:06}"]),
        "birth_date": row["birth_date"] if is_member else pick(["1985-03-14", "1985-00-00", "1944-12-31"]),
        "postcode": row["postcode"] if is_member else pick(["75011", "97400", "20000", "1000"]),
        "challenge": pick([*challenges[-5:], randomness.randbytes(32).hex()]),
        "iban_last6": pick([row["iban"][-6:], "A12B3C", f"{number:06}"]),
    }
    return {field: values[field] for field in fields}


class _FromAddress(HTTPAdapter):  # type: ignore[misc]  # the same
    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool: object) -> None:  # noqa: FBT002 - as requests calls it
        super().init_poolmanager(connections, maxsize, block, source_address=(self._address, 0), **pool)


def session_from(number: int) -> Session:
    """A session of HTTP that comes from an address of its own: no other's failures count against it."""
    session = Session()
    session.mount("http://", _FromAddress(f"127.9.{number // 250}.{number % 250 + 1}"))
    return session
