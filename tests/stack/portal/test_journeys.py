"""Sign-in, reset, identifier and waits in a browser: found by the words on the screen, with codes from the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from local.inbox_codes import code_in
from member_access.values.types import Instant
from simulators.browser.portal import DESKTOP, ENGLISH, FRENCH, PHONE, Visitor, open_browser
from tests.support.keyboard import ENLARGED, go_by_key, type_into
from tests.support.members import NEW_PIN
from tests.support.stack_members import PIN, access_items, change_attempts, disable_pin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from member_access.throttling.policy import Attempts
    from tests.support.local_stack import Stack
    from tests.support.stack_members import Member, Members

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WRONG_PIN = "604182"
WAIT_SECONDS = 60
CODE_ELSEWHERE = "Saisissez ce code dans le navigateur où vous l’avez demandé, ou demandez un nouveau code."


@pytest.fixture(
    params=[
        pytest.param(("chromium", FRENCH, PHONE), id="French, phone", marks=pytest.mark.needs("chromium")),
        pytest.param(("chromium", ENGLISH, DESKTOP), id="English, desktop", marks=pytest.mark.needs("chromium")),
        pytest.param(("firefox", FRENCH, DESKTOP), id="French, Firefox", marks=pytest.mark.needs("firefox")),
    ]
)
def visitor(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Visitor]:
    """A person at the first screen, which never scrolls sideways, nor does any other that is left at the end."""
    browser, words, size = request.param
    visitor = open_browser(request.getfixturevalue(browser), words, size)
    visitor.visit(stack.portal_url)
    visitor.sees(words.sign_in_title)
    yield visitor
    assert visitor.page.evaluate(SIDEWAYS) == 0
    visitor.page.context.close()


def test_a_member_signs_in_stays_signed_in_after_a_reload_and_signs_out(visitor: Visitor, members: Members) -> None:
    words, member = visitor.words, members.next()
    visitor.sign_in(member.identifier.lower(), PIN)
    visitor.sees(words.area_title)

    visitor.page.reload()
    visitor.sees(words.area_title)
    visitor.press(words.sign_out)
    visitor.reads(words.signed_out)

    visitor.go_back()
    visitor.page.reload()
    visitor.sees(words.sign_in_title)


def test_a_front_end_on_another_origin_keeps_a_session(chromium: Browser, stack: Stack, members: Members) -> None:
    """Over https, as Safari needs it on this machine."""
    member, said = members.next(), list[str]()
    page = chromium.new_context(ignore_https_errors=True).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(stack.example_url.replace("http:", "https:"))
    page.get_by_label("Identifier").fill(member.identifier)
    page.get_by_label("PIN").fill(PIN)
    for button, answer in (("Sign in", "Signed in."), ("Refresh", "Refreshed."), ("Sign out", "Signed out.")):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("status")).to_contain_text(answer)
    page.context.close()

    assert said == []


def choose_new_pin(visitor: Visitor) -> None:
    words = visitor.words
    visitor.sees(words.new_pin_title)
    visitor.fill(words.new_pin, NEW_PIN)
    visitor.fill(words.confirmation, NEW_PIN)
    visitor.press(words.save)
    visitor.sees(words.saved_title)
    visitor.press(words.sign_in)
    visitor.sees(words.sign_in_title)


def test_a_forgotten_pin_is_reset_by_a_code_from_an_email(visitor: Visitor, stack: Stack, members: Members) -> None:
    words, member = visitor.words, members.next()
    mailbox = member.mailbox(stack)
    visitor.press(words.forgotten_pin)
    visitor.sees(words.forgotten_pin)
    visitor.fill(words.identifier, member.identifier)
    visitor.press(words.get_code)
    visitor.sees(words.code_title)
    visitor.page.reload()
    visitor.sees(words.code_title)

    code = mailbox.next_code()
    visitor.fill(words.email_code, f"{code[:3]} {code[3:]}")
    visitor.press(words.verify)
    choose_new_pin(visitor)

    expect(visitor.field(words.identifier)).to_have_value(member.identifier)
    visitor.sign_in(member.identifier, NEW_PIN)
    visitor.sees(words.area_title)


def test_a_member_ends_the_session_of_a_stranger_then_blocks_everything(
    visitor: Visitor, chromium: Browser, stack: Stack, members: Members
) -> None:
    words, member = visitor.words, members.next()
    stranger = open_browser(chromium, words, DESKTOP)
    stranger.visit(stack.portal_url)
    stranger.sign_in(member.identifier, PIN)
    stranger.sees(words.area_title)
    visitor.sign_in(member.identifier, PIN)
    visitor.sees(words.area_title)

    visitor.press(words.connections)
    visitor.sees(words.connections)
    visitor.press(words.end_session)
    expect(visitor.page.locator("[data-sessions] li")).to_have_count(1)
    stranger.page.reload()
    stranger.sees(words.sign_in_title)

    stranger.sign_in(member.identifier, PIN)
    stranger.sees(words.area_title)
    mailbox = member.mailbox(stack)
    visitor.press(words.not_me)
    visitor.sees(words.not_me)
    visitor.press(words.block)
    visitor.sees(words.code_title)
    for _ in range(2):
        stranger.page.reload()
        stranger.sees(words.sign_in_title)
    stranger.sign_in(member.identifier, PIN)
    stranger.sees(words.disabled_title)
    stranger.page.context.close()

    # Notices of the stranger's browser and of the disabled PIN come before or after it.
    code = next(filter(None, (code_in(mailbox.next_text(), "emails") for _ in range(3))))
    visitor.fill(words.email_code, code)
    visitor.press(words.verify)
    choose_new_pin(visitor)
    visitor.sign_in(member.identifier, NEW_PIN)
    visitor.sees(words.area_title)


def test_a_code_from_an_email_works_only_in_the_browser_that_asked(
    chromium: Browser, stack: Stack, members: Members
) -> None:
    member, words = members.next(), FRENCH
    mailbox = member.mailbox(stack)
    asker, other = (open_browser(chromium, words, DESKTOP) for _ in range(2))
    asker.visit(stack.portal_url)
    asker.press(words.forgotten_pin)
    asker.sees(words.forgotten_pin)
    asker.fill(words.identifier, member.identifier)
    asker.press(words.get_code)
    asker.sees(words.code_title)
    code = mailbox.next_code()

    other.visit(stack.portal_url)
    other.press(words.have_code)
    other.sees(words.have_code)
    other.fill(words.identifier, member.identifier)
    for _ in range(6):
        other.fill(words.any_code, code)
        other.press(words.verify)
        other.reads(CODE_ELSEWHERE)

    asker.fill(words.email_code, code)
    asker.press(words.verify)
    asker.sees(words.new_pin_title)
    for visitor in (asker, other):
        visitor.page.context.close()


def test_a_forgotten_pin_is_reset_by_a_code_from_a_letter(visitor: Visitor, stack: Stack, members: Members) -> None:
    words, member = visitor.words, members.next(email=False)
    letters = member.letters(stack)
    visitor.press(words.forgotten_pin)
    visitor.sees(words.forgotten_pin)
    visitor.fill(words.identifier, member.identifier)
    visitor.press(words.get_code)
    visitor.sees(words.letter_title)
    code = letters.next_code()

    # Days later, in another tab.
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.goto(f"{stack.portal_url}?#/")
    visitor.sees(words.sign_in_title)
    visitor.press(words.have_code)
    visitor.sees(words.have_code)
    visitor.fill(words.identifier, member.identifier)
    visitor.fill(words.any_code, code)
    visitor.press(words.verify)
    choose_new_pin(visitor)
    visitor.sign_in(member.identifier, NEW_PIN)
    visitor.sees(words.area_title)


def test_a_member_without_the_mailbox_gets_a_letter(chromium: Browser, stack: Stack, members: Members) -> None:
    visitor, member = open_browser(chromium), members.next()
    words, letters = visitor.words, member.letters(stack)
    visitor.visit(f"{stack.portal_url}#/forgotten-pin")
    visitor.fill(words.identifier, member.identifier)
    visitor.press(words.get_code)
    visitor.sees(words.code_title)
    visitor.page.get_by_text(words.nothing).click()
    visitor.press(words.by_letter)
    visitor.sees(words.letter_title)
    visitor.press(words.have_code)
    visitor.sees(words.have_code)
    visitor.fill(words.any_code, letters.next_code())
    visitor.press(words.verify)
    visitor.sees(words.new_pin_title)


def describe(visitor: Visitor, member: Member) -> None:
    words, row = visitor.words, member.row
    year, month, day = row["birth_date"].split("-")
    visitor.press(words.find_identifier)
    visitor.fill(words.nir, row["nir"])
    visitor.fill(words.day, day.lstrip("0"))
    visitor.fill(words.month, month.lstrip("0"))
    visitor.fill(words.year, year)
    visitor.fill(words.postcode, row["postcode"])
    visitor.press(words.find)


def test_the_identifier_comes_by_email_and_the_page_says_where_to(
    visitor: Visitor, stack: Stack, members: Members
) -> None:
    words, member = visitor.words, members.next()
    mailbox = member.mailbox(stack)
    describe(visitor, member)

    visitor.sees(words.mail_title)
    visitor.reads(words.email_sent.format(email="c****@e****.fr"))
    assert member.identifier in mailbox.next_text()
    visitor.page.reload()
    visitor.reads(words.email_sent.format(email="c****@e****.fr"))


def test_the_end_of_the_iban_shows_the_identifier_which_can_be_copied(visitor: Visitor, members: Members) -> None:
    words, member = visitor.words, members.next(email=False)
    describe(visitor, member)
    visitor.sees(words.iban_title)
    visitor.fill(words.iban, member.row["iban"].replace(" ", "")[-6:].lower())
    visitor.press(words.show_identifier)

    visitor.sees(words.found_title)
    visitor.reads(member.identifier)
    visitor.press(words.copy)
    visitor.reads(words.copied)
    visitor.press(words.sign_in)
    visitor.sees(words.sign_in_title)
    field = visitor.field(words.identifier)
    expect(field).to_have_value(member.identifier)
    field.fill("")
    field.press("Control+V")
    expect(field).to_have_value(member.identifier)


def test_after_a_third_wrong_pin_the_form_waits_a_minute(visitor: Visitor, stack: Stack, members: Members) -> None:
    words, member = visitor.words, members.next()
    visitor.page.clock.install()
    visitor.page.reload()
    for _ in range(2):
        visitor.sign_in(member.identifier, WRONG_PIN)
        visitor.reads(words.wrong_pin)
        expect(visitor.field(words.pin)).to_be_focused()
        expect(visitor.field(words.pin)).to_have_value("")
    visitor.sign_in(member.identifier, WRONG_PIN)
    visitor.reads(words.wait)
    expect(visitor.page.get_by_role("timer")).to_contain_text("secondes" if words is FRENCH else "seconds")
    expect(visitor.page.get_by_role("button", name=words.sign_in, exact=True)).to_be_disabled()

    visitor.page.reload()
    visitor.reads(words.wait)
    # Another person at the same browser need not wait.
    visitor.fill(words.identifier, "B7654321")
    expect(visitor.page.get_by_role("button", name=words.sign_in, exact=True)).to_be_enabled()
    visitor.fill(words.identifier, member.identifier)
    visitor.reads(words.wait)

    a_minute_passes(visitor, stack)
    visitor.reads(words.may_try)
    visitor.sign_in(member.identifier, PIN)
    visitor.sees(words.area_title)


def a_minute_passes(visitor: Visitor, stack: Stack) -> None:
    """For the browser, and for the API: the attempts it has counted lie a minute further back."""
    visitor.page.clock.fast_forward((WAIT_SECONDS + 1) * 1000)
    for item in access_items(stack, "SIGN_INS#"):
        if "strangers" in item:
            change_attempts(stack, item, _a_minute_earlier)


def _a_minute_earlier(attempts: Attempts) -> Attempts:
    return attempts._replace(last_attempt_at=Instant(attempts.last_attempt_at - WAIT_SECONDS - 1))


def test_a_member_changes_the_pin_and_signs_in_with_the_new_one(visitor: Visitor, members: Members) -> None:
    words, member = visitor.words, members.next()
    visitor.sign_in(member.identifier, PIN)
    visitor.sees(words.area_title)
    visitor.press(words.change_pin)
    visitor.fill(words.present_pin, PIN)
    visitor.fill(words.new_pin, NEW_PIN)
    visitor.fill(words.confirmation, NEW_PIN)
    visitor.press(words.save)

    visitor.reads(words.changed)
    visitor.sign_in(member.identifier, NEW_PIN)
    visitor.sees(words.area_title)


def test_a_disabled_pin_leads_to_the_reset(visitor: Visitor, stack: Stack, members: Members) -> None:
    words, member = visitor.words, members.next()
    visitor.sign_in(member.identifier, WRONG_PIN)
    visitor.reads(words.wrong_pin)
    disable_pin(stack, member)
    visitor.sign_in(member.identifier, PIN)

    visitor.sees(words.disabled_title)
    visitor.press(words.forgotten_pin)
    visitor.sees(words.forgotten_pin)
    expect(visitor.field(words.identifier)).to_have_value(member.identifier)


def test_the_keypad_types_what_the_keyboard_does(chromium: Browser, stack: Stack, members: Members) -> None:
    visitor, member = open_browser(chromium, size=PHONE), members.next()
    words = visitor.words
    visitor.visit(stack.portal_url)
    visitor.fill(words.identifier, member.identifier)
    visitor.press(words.keypad)
    keys = visitor.page.get_by_role("group", name=words.keypad)
    for key in "99":
        keys.get_by_role("button", name=key, exact=True).click()
    keys.get_by_role("button", name=words.correct).click()
    keys.get_by_role("button", name="Effacer tout").click()
    for key in PIN:
        keys.get_by_role("button", name=key, exact=True).click()
    visitor.press(words.sign_in)
    visitor.sees(words.area_title)


@pytest.fixture
def typist(chromium: Browser, stack: Stack) -> Iterator[Visitor]:
    """A person at the first screen who has no mouse, and enlarges the page to 400 %."""
    visitor = open_browser(chromium, size=ENLARGED)
    visitor.visit(stack.portal_url)
    visitor.sees(visitor.words.sign_in_title)
    yield visitor
    assert visitor.page.evaluate(SIDEWAYS) == 0
    visitor.page.context.close()


def test_a_code_from_an_email_sets_a_pin_by_keyboard_alone(typist: Visitor, stack: Stack, members: Members) -> None:
    words, member = typist.words, members.next()
    mailbox = member.mailbox(stack)
    go_by_key(typist, words.forgotten_pin)
    typist.sees(words.forgotten_pin)
    type_into(typist, words.identifier, member.identifier)
    typist.page.keyboard.press("Enter")
    typist.sees(words.code_title)
    type_into(typist, words.email_code, mailbox.next_code())
    typist.page.keyboard.press("Enter")
    choose_new_pin_by_key(typist)
    go_by_key(typist, words.sign_out, "Space")
    typist.reads(words.signed_out)


def test_a_code_from_a_letter_sets_a_pin_by_keyboard_alone(typist: Visitor, stack: Stack, members: Members) -> None:
    words, member = typist.words, members.next(email=False)
    letters = member.letters(stack)
    go_by_key(typist, words.forgotten_pin)
    typist.sees(words.forgotten_pin)
    type_into(typist, words.identifier, member.identifier)
    go_by_key(typist, words.get_code, "Space")
    typist.sees(words.letter_title)
    go_by_key(typist, words.have_code)
    typist.sees(words.have_code)
    type_into(typist, words.any_code, letters.next_code())
    go_by_key(typist, words.verify)
    choose_new_pin_by_key(typist)


def choose_new_pin_by_key(visitor: Visitor) -> None:
    """Choose a new PIN, and sign in with it."""
    words = visitor.words
    visitor.sees(words.new_pin_title)
    type_into(visitor, words.new_pin, NEW_PIN)
    type_into(visitor, words.confirmation, NEW_PIN)
    visitor.page.keyboard.press("Enter")
    visitor.sees(words.saved_title)
    go_by_key(visitor, words.sign_in)
    visitor.sees(words.sign_in_title)
    enter_pin_by_key(visitor, NEW_PIN)


def test_the_end_of_the_iban_shows_the_identifier_by_keyboard_alone(typist: Visitor, members: Members) -> None:
    words, member = typist.words, members.next(email=False)
    year, month, day = member.row["birth_date"].split("-")
    typist.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    go_by_key(typist, words.find_identifier)
    typist.sees(words.find_identifier)
    for label, text in (
        (words.nir, member.row["nir"]),
        (words.day, day),
        (words.month, month),
        (words.year, year),
        (words.postcode, member.row["postcode"]),
    ):
        type_into(typist, label, text)
    go_by_key(typist, words.find)
    typist.sees(words.iban_title)
    type_into(typist, words.iban, member.row["iban"].replace(" ", "")[-6:])
    typist.page.keyboard.press("Enter")

    typist.sees(words.found_title)
    typist.reads(member.identifier)
    go_by_key(typist, words.copy, "Space")
    typist.reads(words.copied)
    assert typist.page.evaluate("navigator.clipboard.readText()") == member.identifier
    go_by_key(typist, words.sign_in)
    typist.sees(words.sign_in_title)
    expect(typist.field(words.identifier)).to_have_value(member.identifier)


def test_a_member_changes_the_pin_by_keyboard_alone(typist: Visitor, members: Members) -> None:
    words, member = typist.words, members.next()
    type_into(typist, words.identifier, member.identifier)
    enter_pin_by_key(typist, PIN)
    go_by_key(typist, words.change_pin)
    typist.sees(words.change_pin)
    type_into(typist, words.present_pin, PIN)
    type_into(typist, words.new_pin, NEW_PIN)
    type_into(typist, words.confirmation, NEW_PIN)
    go_by_key(typist, words.save, "Space")

    typist.reads(words.changed)
    enter_pin_by_key(typist, NEW_PIN)


def test_the_keypad_works_by_keyboard_alone(typist: Visitor, members: Members) -> None:
    words, member = typist.words, members.next()
    type_into(typist, words.identifier, member.identifier)
    go_by_key(typist, words.keypad, "Space")
    # The keys load when they are asked for.
    expect(typist.page.get_by_role("group", name=words.keypad)).to_be_visible()
    go_by_key(typist, "9", "Space")
    go_by_key(typist, words.correct)
    expect(typist.field(words.pin)).to_have_value("")
    # The keys stand in the order of their digits; Correct is the last.
    before = "99"
    for digit in PIN:
        go_by_key(typist, digit, "Space", back=digit < before)
        before = digit
    go_by_key(typist, words.sign_in)
    typist.sees(words.area_title)


def enter_pin_by_key(visitor: Visitor, pin: str) -> None:
    """Sign in as who the form already names."""
    type_into(visitor, visitor.words.pin, pin)
    visitor.page.keyboard.press("Enter")
    visitor.sees(visitor.words.area_title)
