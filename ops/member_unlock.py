"""Ends what keeps a member waiting: one transaction over all counters, so that no guess comes in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.platform.aws import TransactionCancelled, transact
from member_access.recovery.store import put_reset
from member_access.sessions.item import replace_sign_ins
from member_access.throttling.counters import attempts_from_item, attempts_to_attributes, replace_item
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts, Disabled
from ops.desk import ChangedMeanwhile
from ops.member_keys import own_searches_key
from ops.member_state import read_items, read_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from member_access.platform.aws import Write
    from member_access.recovery.policy import Reset
    from member_access.values.types import Identifier, Instant
    from ops.desk import Desk
    from ops.member_limits import MemberLimits
    from ops.member_state import Limited, MemberState

_MOST_CONFLICTS = 5


@dataclass(frozen=True)
class Unlocked:
    """What an unlock did.

    Attributes:
        was_disabled: whether too many wrong PINs had disabled the PIN, somewhere or everywhere.
        is_disabled: whether they still do.
        pin_failures: the consecutive wrong PINs that were cleared.
        iban_failures: the wrong ends of the IBAN that were cleared.
        code_requests: the requests for codes that were cleared.
        keeps_letter: whether the limit of letters stays, because a letter is under way.
        has_pin: whether the member has a PIN.
    """

    was_disabled: bool
    is_disabled: bool
    pin_failures: int
    iban_failures: int
    code_requests: int
    keeps_letter: bool
    has_pin: bool


def unlock(desk: Desk, identifier: Identifier, limits: MemberLimits, *, enable_pin: bool) -> Unlocked:
    """Clear the counters of a member.

    Failures in a row go, those of the year stay: however often the desk unlocks a member, a stranger has no more
    guesses in a year. A disabled PIN stays disabled (NIST SP 800-63B-4 §3.2.2), unless the operator enables it: then
    the failures of the year go too, because they may be what disables it.

    Raises:
        ChangedMeanwhile: others kept writing at the same time; nothing has changed.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    for _ in range(_MOST_CONFLICTS):
        state = read_state(desk, identifier, limits)
        pin_counters = [one for one in state.pin_counters if enable_pin or not isinstance(one.verdict, Disabled)]
        reset = _without_requests(state)
        writes = [
            _sign_ins(desk, state, enable_pin=enable_pin),
            _put(desk, state.keys.iban_counter, state.iban.seen, state.now),
            *_searches(desk, state),
        ]
        if state.reset.revision:
            writes.append(put_reset(desk.access_table, state.keys.reset, state.reset, reset, state.now))
        try:
            transact(
                desk.stack.dynamodb(),
                [*filter(None, writes), *(_delete(desk, key) for key in state.keys.reminders(state.now))],
            )
        except TransactionCancelled:
            continue
        was_disabled = any(isinstance(one.verdict, Disabled) for one in state.pin_counters)
        return Unlocked(
            was_disabled=was_disabled,
            is_disabled=was_disabled and not enable_pin,
            pin_failures=_typed(state, pin_counters),
            iban_failures=state.iban.failures,
            code_requests=len(state.reset.emails) + len(state.reset.letters) - len(reset.letters),
            keeps_letter=bool(reset.letters),
            has_pin=state.pin_made_with is not None,
        )
    raise ChangedMeanwhile(f"{identifier}: others kept writing at the same time. Run the same command again.")


def _typed(state: MemberState, cleared: Sequence[Limited]) -> int:
    """Count wrong PINs once, although one in a known browser counts there and for all known ones together."""
    strangers, together, *browsers = (one.failures if one in cleared else 0 for one in state.pin_counters)
    return strangers + max(together, sum(browsers))


def _without_requests(state: MemberState) -> Reset:
    # A new letter voids the code of the one before, and costs money.
    letters = state.reset.letters if state.open_letter else ()
    return state.reset._replace(emails=(), letters=letters, revision=state.reset.revision + 1)


def _searches(desk: Desk, state: MemberState) -> list[Write | None]:
    """Clear the searches for an identifier in the member's known browsers."""
    browsers = [browser.digest for browser in state.browsers]
    if not browsers:
        return []
    keys = [own_searches_key(one) for one in desk.stack.pseudonyms((), browsers)["browsers"].values()]
    found = read_items(desk, keys)
    return [_put(desk, key, attempts_from_item(item), state.now) for key, item in found.items()]


def _sign_ins(desk: Desk, state: MemberState, *, enable_pin: bool) -> Write | None:
    """Put the sign-ins with their counters cleared, unless they have changed; None if none are of the present PIN."""
    if not state.stored_sign_ins.revision or state.stored_sign_ins.credential_version < state.credential_version:
        return None
    sign_ins, of_browser = state.sign_ins, {browser.digest: browser.limited for browser in state.browsers}
    new = sign_ins._replace(
        strangers=_cleared(state.strangers, enable_pin=enable_pin),
        together=_cleared(state.together, enable_pin=enable_pin),
    ).with_browsers(
        tuple(
            one._replace(attempts=_cleared(of_browser[one.digest.hex()], enable_pin=enable_pin))
            for one in sign_ins.browsers
            if one.digest.hex() in of_browser
        )
    )
    return replace_sign_ins(desk.access_table, state.keys.sign_ins, state.stored_sign_ins, new, state.now)


def _cleared(limited: Limited, *, enable_pin: bool) -> Attempts:
    if not isinstance(limited.verdict, Disabled):
        return limited.seen._replace(failures=0)
    return limited.seen._replace(failures=0, failures_by_day={}) if enable_pin else limited.seen


def _put(desk: Desk, key: str, seen: Attempts, now: Instant) -> Write | None:
    """Put a counter without failures, unless it has changed; None if there is nothing to clear."""
    if not seen.revision:
        return None
    # The success of a guess under way uncounts it, and needs today's number for that.
    cleared = seen._replace(failures=0, failures_by_day={now // SECONDS_PER_DAY: 0}, revision=seen.revision + 1)
    return replace_item(desk.access_table, key, seen.revision, attempts_to_attributes(cleared))


def _delete(desk: Desk, key: str) -> Write:
    return {"Delete": {"TableName": desk.access_table, "Key": {"pk": {"S": key}}}}
