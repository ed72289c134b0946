"""The main journeys in WebKit, the engine of Safari: found by the words on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.browser.portal import FRENCH
from simulators.browser.webkit import WebKitVisitor, running_webkit
from tests.support.members import NEW_PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.local_stack import Stack
    from tests.support.stack_members import Members

pytestmark = pytest.mark.needs("webkit")

WRONG_PIN = "604182"


@pytest.fixture
def visitor(stack: Stack) -> Iterator[WebKitVisitor]:
    """A person at the first screen, over https: WebKit keeps no Secure cookie from http://localhost (bug 281149)."""
    with running_webkit() as visitor:
        visitor.visit(stack.secure_portal_url)
        visitor.sees(FRENCH.sign_in_title)
        yield visitor


def test_a_code_from_an_email_sets_a_pin_and_the_member_signs_in(
    visitor: WebKitVisitor, stack: Stack, members: Members
) -> None:
    words, member = FRENCH, members.next()
    mailbox = member.mailbox(stack)
    visitor.press(words.forgotten_pin)
    visitor.sees(words.forgotten_pin)
    visitor.fill(words.identifier, member.identifier)
    visitor.press(words.get_code)
    visitor.sees(words.code_title)
    visitor.fill(words.email_code, mailbox.next_code())
    visitor.press(words.verify)
    visitor.sees(words.new_pin_title)
    visitor.fill(words.new_pin, NEW_PIN)
    visitor.fill(words.confirmation, NEW_PIN)
    visitor.press(words.save)
    visitor.sees(words.saved_title)
    visitor.press(words.sign_in)
    visitor.sees(words.sign_in_title)
    visitor.fill(words.identifier, member.identifier)
    visitor.fill(words.pin, NEW_PIN)
    visitor.press(words.sign_in)
    visitor.sees(words.area_title)
    visitor.reload()
    visitor.sees(words.area_title)
    visitor.press(words.sign_out)
    visitor.reads(words.signed_out)


def test_after_a_third_wrong_pin_the_form_waits_a_minute(visitor: WebKitVisitor, members: Members) -> None:
    member = members.next()
    for said in (FRENCH.wrong_pin, FRENCH.wrong_pin, FRENCH.wait):
        visitor.fill(FRENCH.identifier, member.identifier)
        visitor.fill(FRENCH.pin, WRONG_PIN)
        visitor.press(FRENCH.sign_in)
        visitor.reads(said)
