"""Ends the sessions of a member, or forgets the known browsers: in one write, so that none slips through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from member_access.platform.aws import TransactionCancelled, transact
from member_access.sessions.item import replace_sign_ins
from ops.desk import ChangedMeanwhile
from ops.member_keys import find_keys
from ops.member_state import read_sign_ins

if TYPE_CHECKING:
    from member_access.values.types import Identifier
    from ops.desk import Desk

_MOST_CONFLICTS = 5


def end_sign_ins(desk: Desk, identifier: Identifier, which: Literal["sessions", "browsers"]) -> int:
    """Delete every session, or forget every known browser, of the member's present credential.

    The credential version stays: a new one would give strangers all their guesses again, and void codes under way. The
    sessions of earlier credentials have ended already.

    Returns:
        The number of those that were listed; sessions that have ended by themselves are among them.

    Raises:
        ChangedMeanwhile: the member kept signing in at the same time; nothing has changed.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    keys = find_keys(desk.stack, identifier)
    for _ in range(_MOST_CONFLICTS):
        sign_ins = read_sign_ins(desk, keys)
        listed = len(sign_ins.sessions if which == "sessions" else sign_ins.browsers)
        if not listed:
            return 0
        left = sign_ins.with_sessions(()) if which == "sessions" else sign_ins.with_browsers(())
        written = replace_sign_ins(desk.access_table, keys.sign_ins, sign_ins, left, desk.clock())
        try:
            transact(desk.stack.dynamodb(), [written])
        except TransactionCancelled:
            continue
        return listed
    raise ChangedMeanwhile(f"{identifier}: the member kept signing in at the same time. Run the same command again.")
