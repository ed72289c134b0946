"""The waits of a member beside those of PIN and codes, and those of the whole service that hold up a code of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from emails.limits import email_budget_key
from letters.storage.daily_quota import letter_budget_key, share_of_members_with_email
from member_access.platform.aws import batch_get
from member_access.throttling.counters import attempts_from_item
from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.values.types import Instant
from ops.member_keys import own_searches_key
from ops.member_state import Limited, read_items

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from ops.desk import Desk
    from ops.member_limits import MemberLimits
    from ops.member_state import MemberState

_OF_BUDGETS = ("pk", "emails", "letters", "with_email")
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Waits:
    """What else a member may have to wait for.

    Attributes:
        searches: for an identifier in the known browsers, in their order; each search counts.
        reminders: e-mails with the identifier that the member has got today.
        reminders_from: when the member may get another one; None for now.
        emails_from: when codes by e-mail are sent again, if all members have used up those of the day; None for now.
        letters_from: when letters to such a member are sent again, if their part of the day's is used up; None for now.
    """

    searches: tuple[Limited, ...]
    reminders: int
    reminders_from: Instant | None
    emails_from: Instant | None
    letters_from: Instant | None


def read_waits(desk: Desk, state: MemberState, limits: MemberLimits) -> Waits:
    """Read the other waits of a member.

    Raises:
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    now = state.now
    browsers = [browser.digest for browser in state.browsers]
    pseudonyms = desk.stack.pseudonyms((), browsers)["browsers"] if browsers else {}
    searches = [own_searches_key(pseudonyms[browser]) for browser in browsers]
    reminders, emails, letters = state.keys.reminders(now)[0], email_budget_key(now), letter_budget_key(now)
    found = read_items(desk, [*searches, reminders])
    table = desk.access_table
    budgets = batch_get(desk.stack.dynamodb(), {table: [emails, letters]}, {table: _OF_BUDGETS})
    of_day = budgets.get((table, letters), {})
    used_up = _count(of_day, "letters") >= limits.letters_a_day or (
        state.gets_email and _count(of_day, "with_email") >= share_of_members_with_email(limits.letters_a_day)
    )
    reminded = len(found.get(reminders, {}).get("requests", {"SS": []})["SS"])
    tomorrow = Instant(now - now % SECONDS_PER_DAY + SECONDS_PER_DAY)
    return Waits(
        searches=tuple(Limited.of(attempts_from_item(found.get(key)), limits.searches, 0, now) for key in searches),
        reminders=reminded,
        reminders_from=tomorrow if reminded >= limits.reminders_a_day else None,
        emails_from=tomorrow if _count(budgets.get((table, emails), {}), "emails") >= limits.emails_a_day else None,
        letters_from=_tomorrow_in_paris(now) if used_up else None,
    )


def _count(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _tomorrow_in_paris(now: Instant) -> Instant:
    day = datetime.fromtimestamp(now, _PARIS).date() + timedelta(days=1)
    return Instant(int(datetime(day.year, day.month, day.day, tzinfo=_PARIS).timestamp()))
