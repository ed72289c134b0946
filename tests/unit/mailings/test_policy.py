"""Who is invited, and on which way: tables of examples."""

from __future__ import annotations

import pytest

from mailings.policy import Invited, invitation_channel, is_due
from member_access.recovery.codes import Channel
from member_access.values.types import Instant

NOW = Instant(1_800_000_000)
BY_EMAIL, BY_LETTER = Invited(NOW, Channel.EMAIL), Invited(NOW, Channel.LETTER)
EARLIER, LATER = Instant(NOW - 1), Instant(NOW + 1)


@pytest.mark.parametrize(
    ("invited", "marked_at", "again_before", "due"),
    [
        (None, None, None, True),
        (None, EARLIER, None, True),
        (BY_EMAIL, None, None, False),
        (BY_LETTER, None, None, False),
        (BY_EMAIL, LATER, None, True),
        (BY_EMAIL, NOW, None, True),
        (BY_EMAIL, EARLIER, None, False),
        (BY_LETTER, LATER, None, False),
        (BY_LETTER, None, NOW, True),
        (BY_EMAIL, None, LATER, True),
        (BY_LETTER, None, EARLIER, False),
    ],
)
def test_a_member_is_invited_once_unless_the_email_came_back_or_the_operator_repeats_expired_ones(
    invited: Invited | None, marked_at: Instant | None, again_before: Instant | None, due: bool
) -> None:
    assert is_due(invited, marked_at, again_before) is due


@pytest.mark.parametrize(
    ("wanted", "has_email", "address_returned", "channel"),
    [
        (None, True, False, Channel.EMAIL),
        (None, True, True, Channel.EMAIL),
        (None, False, False, Channel.LETTER),
        (None, False, True, None),
        (Channel.EMAIL, True, False, Channel.EMAIL),
        (Channel.EMAIL, False, False, None),
        (Channel.LETTER, True, False, Channel.LETTER),
        (Channel.LETTER, True, True, None),
    ],
)
def test_an_invitation_goes_by_email_if_an_address_works_else_on_paper(
    wanted: Channel | None, has_email: bool, address_returned: bool, channel: Channel | None
) -> None:
    assert invitation_channel(wanted, has_email=has_email, address_returned=address_returned) is channel
