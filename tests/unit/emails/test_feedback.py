"""What a report of Amazon SES means for the e-mail that it is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emails.feedback import Returned, Unneeded, read_report
from member_access.values.email_address import EmailAddress, EmailState
from tests.support.mailroom import bounce, complaint, delay, rejection, rendering_failure

if TYPE_CHECKING:
    from emails.feedback import Returned as Report

ADDRESS = EmailAddress("Member@courriel.example")
FORWARDED = "another@mailbox.example"
EMAIL = {
    "Destination": {"ToAddresses": [ADDRESS.reveal()]},
    "FromEmailAddress": "no-reply@mutuelle.example",
    "ConfigurationSetName": "emails",
    "EmailTags": [{"Name": "request_id", "Value": "0" * 32}],
}


def returned(report: dict[str, Any]) -> Report:
    read = read_report(json.dumps(report))
    assert isinstance(read, Returned)
    assert read.request_id == "0" * 32
    return read


def temporary(status: str = "", diagnostic_code: str = "", sub_type: str = "General") -> dict[str, Any]:
    return bounce(EMAIL, "Transient", sub_type, status=status, diagnostic_code=diagnostic_code)


@pytest.mark.parametrize(
    "report",
    [
        temporary("5.3.0", "smtp; 550 denied"),
        temporary("5.2.2", "smtp; 552 mailbox full", "MailboxFull"),
        temporary(" 5.7.1"),
        temporary("", "smtp; 550 denied"),
        temporary("", "550 5.1.1 no such user"),
        temporary(sub_type="MessageTooLarge"),
        temporary(sub_type="ContentRejected"),
        temporary(sub_type="AttachmentRejected"),
        bounce(EMAIL, "Undetermined", "Undetermined", status="", diagnostic_code=""),
        rejection(EMAIL),
        rendering_failure(EMAIL),
    ],
)
def test_an_email_that_will_not_arrive_is_lost_without_a_mark(report: dict[str, Any]) -> None:
    read = returned(report)
    assert (read.is_lost, read.state) == (True, None)


@pytest.mark.parametrize(
    "report",
    [
        temporary(),
        temporary("4.2.2", "smtp; 452 mailbox full", "MailboxFull"),
        temporary("4.4.7", "smtp; 550 4.4.7 message expired"),
        temporary("", "smtp; 421 busy, 550 in the queue"),
        delay(EMAIL),
        {**rejection(EMAIL), "eventType": "Send"},
        complaint(EMAIL, "not-spam"),
    ],
)
def test_an_email_that_may_still_arrive_is_not_lost(report: dict[str, Any]) -> None:
    assert isinstance(read_report(json.dumps(report)), Unneeded)


@pytest.mark.parametrize("sub_type", ["General", "NoEmail", "Suppressed", "OnAccountSuppressionList"])
@pytest.mark.parametrize("of", [ADDRESS.reveal(), ADDRESS.reveal().upper(), f"Member <{ADDRESS.reveal()}>", FORWARDED])
def test_a_permanent_bounce_is_about_the_address_that_it_names(sub_type: str, of: str) -> None:
    read = returned(bounce(EMAIL, sub_type=sub_type, of=of))
    is_other = of == FORWARDED
    assert (read.is_lost, read.state) == (True, EmailState.BOUNCED)
    assert read.was_sent_to(ADDRESS)
    assert (read.is_about(ADDRESS), read.may_have_arrived(ADDRESS)) == (not is_other, is_other)


def test_a_report_without_a_tag_is_no_ones() -> None:
    report = rejection(EMAIL)
    del report["mail"]["tags"]
    assert isinstance(read_report(json.dumps(report)), Unneeded)


def test_what_is_logged_of_a_report_names_no_one() -> None:
    assert returned(bounce(EMAIL)).why == "Bounce Permanent General"
    assert ADDRESS.reveal().lower() not in repr(returned(bounce(EMAIL)))
