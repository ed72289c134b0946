"""Deliveries of e-mails that meet: at the budget of a day, and at a member's reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emails.limits import EmailBudget, Reminders
from member_access.members.pseudonyms import Pseudonym
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.recovery.codes import RequestId
from member_access.values.types import Identifier, Instant
from tests.support.at_once import all_at_once
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

NOW = Instant(1_795_421_100)
DELIVERIES = 40


def reminder(number: int) -> EmailRequest:
    request_id, subject = RequestId(f"{number:032x}"), Pseudonym("5" * 32)
    return EmailRequest(
        request_id, EmailKind.IDENTIFIER_REMINDER, Identifier("A1234567"), subject, NOW, Instant(NOW + 86_400)
    )


@pytest.mark.parametrize(("kind", "most"), [(EmailKind.RESET_CODE, 10), (EmailKind.PIN_CHANGED, 8)])
def test_emails_at_once_use_exactly_the_budget_that_is_open_to_them(cloud: Cloud, kind: EmailKind, most: int) -> None:
    budget = EmailBudget(cloud.dynamodb, cloud.tables["AccessTable"], 10)
    counted = all_at_once([lambda: budget.count(kind, NOW) for _ in range(DELIVERIES)])
    places = [one for one in counted if one]
    (counter,) = items(cloud, "EMAIL_BUDGET#")
    assert (len(places), counter["emails"]["N"]) == (most, str(most))
    assert [one.is_half for one in places].count(True) == 1


def test_of_many_reminders_at_once_a_member_gets_three(cloud: Cloud) -> None:
    reminders = Reminders(cloud.dynamodb, cloud.tables["AccessTable"], 3)
    claims = all_at_once([lambda number=number: reminders.claim(reminder(number), NOW) for number in range(DELIVERIES)])  # type: ignore[misc]
    assert claims.count(True) == 3
    granted = [number for number, claim in enumerate(claims) if claim]
    assert all(reminders.claim(reminder(number), NOW) for number in granted), "a repeated claim"
    (item,) = items(cloud, "REMINDERS#")
    assert sorted(item["requests"]["SS"]) == sorted(reminder(number).request_id for number in granted)
