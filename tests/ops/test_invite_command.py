"""``python -m ops invite``: who is invited, what each gets, what an operator reads, and what happens after a kill."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from mailings.contract import InvitationOutcome, InviteRequest, SeenMember
from member_access.errors import Unavailable
from member_access.members.store import Members
from member_access.recovery.codes import Channel
from member_access.values.email_address import EmailAddress, EmailState
from member_access.values.types import Identifier
from ops.desk import ExitStatus, NotConfirmed
from ops.invitations import Sender, Wave
from ops.invite_command import Choice, ListUnusable, NothingToInvite, invite
from simulators.sign_in_driver import Browser, FrontDoor
from tests.flows.test_letter_crashes import Killed, Killing
from tests.flows.test_letters import text_of
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN, import_members, member_row
from tests.support.operator_desk import StackInProcess, desk_of, stack_in_process
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.desk import Result
    from simulators.cloud import Cloud

DAY = 86_400
BY_EMAIL, BY_LETTER, WITH_PIN = "A0000001", "A0000002", "A0000003"
ALL = Wave()
LOOK = Choice(ALL)
PLENTY = {"EmailBudgetADay": "1000", "LettersADay": "1000"}


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """Three members: one with an e-mail address, one without, one with a PIN."""
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        import_members(cloud, member_row(1), member_row(2, email=""), member_row(3))
        door.give_pin(WITH_PIN)
        yield door


@pytest.fixture
def stack(door: FrontDoor) -> StackInProcess:
    """The functions that an operator calls."""
    return stack_in_process(door, parameters=PLENTY)


def run(stack: StackInProcess, door: FrontDoor, wave: Wave = ALL, file: Path | None = None) -> Result:
    """Send a wave, without a question and without waiting."""
    choice = Choice(wave, file, send=True, agreed=True)
    return invite(desk_of(stack, door), choice, Sender(stack, wave, pause=lambda _: None))


def look(stack: StackInProcess, door: FrontDoor, choice: Choice = LOOK) -> Result:
    return invite(desk_of(stack, door), choice, Sender(stack, ALL))


def invitations(door: FrontDoor) -> Counter[str]:
    """The invitations that were decided on, by member and way."""
    found = [
        f"{item['identifier']['S']} e-mail" for item in items(door.cloud, "EMAIL#") if item["kind"]["S"] == "invitation"
    ]
    found += [f"{item['identifier']['S']} letter" for item in items(door.cloud, "LETTER#") if "kind" in item]
    return Counter(found)


def code_in(text: str) -> str:
    found = re.search(r"\b\d{2}(?: ?\d{2}){4}\b", text)
    assert found, text
    return found[0].replace(" ", "")


def create_pin(door: FrontDoor, identifier: str, code: str) -> int:
    browser = Browser(door)
    token = browser.post("/reset/verify", {"identifier": identifier, "code": code}).body["reset_token"]
    body = {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    assert browser.post("/reset/pin", body).status == 204
    return Browser(door).sign_in(identifier, NEW_PIN).status


def test_without_send_it_says_whom_it_would_invite_and_what_they_cost(
    door: FrontDoor, stack: StackInProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    result = look(stack, door)

    assert [*capsys.readouterr().out.splitlines(), *result.lines] == [
        "To invite: 2 members without a PIN, 1 by e-mail and 1 by letter.",
        "Price: letters about 1.50 € (1.50 € each), e-mails about 0.00 $.",
        "Left of today's share of invitations: 500 e-mails, 500 letters.",
        "Nothing was sent. To send, add --send.",
    ]
    assert result.status is ExitStatus.DONE
    assert (invitations(door), stack.trail) == (Counter(), [])


def test_each_member_without_a_pin_gets_one_invitation(
    door: FrontDoor, stack: StackInProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run(stack, door)

    assert capsys.readouterr().out.splitlines()[-1] == "Invited: 1 by e-mail, 1 by letter."
    assert (result.status, result.data["sent"]) == (ExitStatus.DONE, {"email": 1, "letter": 1})
    assert invitations(door) == {f"{BY_EMAIL} e-mail": 1, f"{BY_LETTER} letter": 1}
    assert [event["outcome"] for event in stack.trail] == ["begun", "done"]
    assert stack.trail[1]["email"] == 1
    assert "operator" not in str(door.events())


def test_a_second_run_sends_none(door: FrontDoor, stack: StackInProcess) -> None:
    run(stack, door)
    with pytest.raises(NothingToInvite):
        run(stack, door)
    assert invitations(door).total() == 2


def test_the_code_of_an_invitation_by_email_works_in_any_browser(door: FrontDoor, stack: StackInProcess) -> None:
    mailroom = Mailroom(door)
    run(stack, door)
    mailroom.emails.deliver_for(60)

    (email,) = mailroom.sent
    simple = email["Content"]["Simple"]
    text = simple["Body"]["Text"]["Data"]
    assert simple["Subject"]["Data"] == "Bienvenue dans votre espace adhérent"
    assert "http" not in text
    assert BY_EMAIL not in text
    assert create_pin(door, BY_EMAIL, code_in(text)) == 200


@pytest.mark.slow
@pytest.mark.parametrize("provider", ProviderName)
def test_an_invitation_by_letter_welcomes_with_a_code(
    door: FrontDoor, stack: StackInProcess, provider: ProviderName
) -> None:
    room = LetterRoom(door, provider)
    run(stack, door)
    room.queue.deliver_for(3600)

    (letter,) = room.fake.letters()
    text = text_of(letter.pdf)
    assert "Bienvenue dans votre espace adhérent" in text
    assert create_pin(door, BY_LETTER, code_in(text)) == 200


@pytest.mark.slow
def test_a_member_who_sets_a_pin_in_the_meantime_gets_nothing(door: FrontDoor, stack: StackInProcess) -> None:
    mailroom, room = Mailroom(door), LetterRoom(door)
    run(stack, door)
    for member in (BY_EMAIL, BY_LETTER):
        door.give_pin(member)
    mailroom.emails.deliver_for(60)
    room.queue.deliver_for(3600)

    assert (mailroom.sent, room.fake.letters(), room.states()) == ([], [], ["rejected"])


def ask(stack: StackInProcess, identifier: str, channel: Channel | None = None) -> InvitationOutcome:
    seen = SeenMember(identifier=identifier, credential_version=0)
    request = InviteRequest(members=(seen,), channel=channel)
    answer = stack.call("MailingsFunction", request.model_dump(mode="json"))
    return InvitationOutcome(answer["outcomes"][identifier])


def test_the_function_looks_at_the_member_as_they_are_now(door: FrontDoor, stack: StackInProcess) -> None:
    assert ask(stack, WITH_PIN) is InvitationOutcome.CHANGED
    assert ask(stack, "Z9999999") is InvitationOutcome.UNKNOWN
    assert ask(stack, BY_LETTER, channel=Channel.EMAIL) is InvitationOutcome.NO_ADDRESS
    assert ask(stack, BY_LETTER) is InvitationOutcome.LETTER
    assert ask(stack, BY_LETTER) is InvitationOutcome.INVITED


def mark_email(door: FrontDoor, identifier: str) -> None:
    address = EmailAddress.parse("camille.1@example.fr")
    store = Members(door.cloud.dynamodb, door.cloud.tables["MembersTable"])
    assert store.mark_email(Identifier(identifier), address, EmailState.BOUNCED, door.clock())


@pytest.mark.slow
def test_a_marked_email_address_makes_it_a_letter(door: FrontDoor, stack: StackInProcess) -> None:
    mark_email(door, BY_EMAIL)
    run(stack, door)
    assert invitations(door) == {f"{BY_EMAIL} letter": 1, f"{BY_LETTER} letter": 1}


def test_an_invitation_that_bounced_is_followed_by_a_letter(door: FrontDoor, stack: StackInProcess) -> None:
    run(stack, door)
    door.clock.advance(60)
    mark_email(door, BY_EMAIL)
    run(stack, door)
    assert invitations(door) == {f"{BY_EMAIL} e-mail": 1, f"{BY_EMAIL} letter": 1, f"{BY_LETTER} letter": 1}


@pytest.mark.slow
def test_an_expired_invitation_is_repeated_on_demand_alone(door: FrontDoor, stack: StackInProcess) -> None:
    run(stack, door)
    door.clock.advance(20 * DAY)
    with pytest.raises(NothingToInvite):
        run(stack, door, Wave(again=True))
    door.clock.advance(2 * DAY)
    with pytest.raises(NothingToInvite):
        run(stack, door)
    run(stack, door, Wave(again=True))
    assert invitations(door) == {f"{BY_EMAIL} e-mail": 2, f"{BY_LETTER} letter": 2}


@pytest.mark.slow
def test_a_member_with_a_letter_under_way_keeps_its_code(door: FrontDoor, stack: StackInProcess) -> None:
    Browser(door).post("/reset", {"identifier": BY_EMAIL, "channel": "letter"})
    assert ask(stack, BY_EMAIL) is InvitationOutcome.UNDER_WAY
    assert ask(stack, BY_EMAIL, channel=Channel.LETTER) is InvitationOutcome.UNDER_WAY


@pytest.mark.slow
def test_an_unread_invitation_by_email_delays_no_letter(door: FrontDoor, stack: StackInProcess) -> None:
    run(stack, door)
    reply = Browser(door).post("/reset", {"identifier": BY_EMAIL, "channel": "letter"})
    assert (reply.status, reply.body["resend_after"]) == (202, 8 * DAY)
    assert len([job for job in items(door.cloud, "LETTER#") if "kind" not in job]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("channel", "sent"),
    [(Channel.EMAIL, {f"{BY_EMAIL} e-mail": 1}), (Channel.LETTER, {f"{BY_EMAIL} letter": 1, f"{BY_LETTER} letter": 1})],
)
def test_one_way_can_be_chosen(door: FrontDoor, stack: StackInProcess, channel: Channel, sent: dict[str, int]) -> None:
    run(stack, door, Wave(channel))
    assert invitations(door) == sent


def test_a_list_limits_whom_it_invites(door: FrontDoor, stack: StackInProcess, tmp_path: Path) -> None:
    listed = tmp_path / "staff.txt"
    listed.write_text(f"{BY_LETTER.lower()}\n\n{WITH_PIN}\nZ9999999\n{BY_LETTER}\n")
    run(stack, door, file=listed)
    assert invitations(door) == {f"{BY_LETTER} letter": 1}


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"A0000001\n?\n", b"\xff"])
def test_a_list_that_cannot_be_read_ends_with_status_2(
    door: FrontDoor, stack: StackInProcess, tmp_path: Path, content: bytes
) -> None:
    listed = tmp_path / "staff.txt"
    listed.write_bytes(content)
    with pytest.raises(ListUnusable) as failed:
        look(stack, door, Choice(ALL, listed))
    assert failed.value.status is ExitStatus.UNUSABLE


@pytest.mark.slow
def test_a_wave_has_so_many_members_and_the_next_one_the_others(door: FrontDoor, stack: StackInProcess) -> None:
    import_members(door.cloud, *(member_row(number) for number in range(4, 10)))
    for total in (3, 6, 8):
        run(stack, door, Wave(at_most=3, a_second=2))
        assert invitations(door).total() == total


def test_a_day_s_share_is_kept_and_the_next_day_continues(door: FrontDoor) -> None:
    import_members(door.cloud, *(member_row(number, email="") for number in range(4, 10)))
    stack = stack_in_process(door, parameters={"EmailBudgetADay": "2", "LettersADay": "8"})
    result = run(stack, door)

    assert result.status is ExitStatus.ATTENTION
    assert result.lines == ["Left for another day: 3. Run the same command tomorrow."]
    assert invitations(door).total() == 1 + 4
    with pytest.raises(NothingToInvite):
        run(stack, door)
    door.clock.advance(DAY)
    run(stack, door)
    assert invitations(door).total() == 8


@pytest.mark.slow
def test_letters_of_invitations_leave_half_of_a_day_to_others(door: FrontDoor) -> None:
    import_members(door.cloud, *(member_row(number, email="") for number in range(4, 10)))
    run(stack_in_process(door, parameters=PLENTY), door)
    room = LetterRoom(door, parameters={"LettersADay": "4"})
    room.queue.deliver_for(3600)
    assert len(room.fake.letters()) == 2
    import_members(door.cloud, member_row(10, email=""), member_row(11, email=""))
    for member in ("A0000010", "A0000011"):
        Browser(door).post("/reset", {"identifier": member})
    room.queue.deliver_for(3600)
    assert len(room.fake.letters()) == 4


@pytest.mark.slow
def test_emails_of_invitations_leave_half_of_a_day_to_others(door: FrontDoor) -> None:
    import_members(door.cloud, *(member_row(number) for number in range(4, 8)))
    run(stack_in_process(door, parameters=PLENTY), door)
    mailroom = Mailroom(door, {"EMAIL_BUDGET_A_DAY": "4"})
    mailroom.emails.deliver_for(60)
    assert len(mailroom.sent) == 2
    Browser(door).post("/reset", {"identifier": BY_EMAIL})
    mailroom.emails.deliver_for(60)
    assert len(mailroom.sent) == 3
    assert door.events("email.over-budget") == []


def test_it_asks_before_it_sends(door: FrontDoor, stack: StackInProcess) -> None:
    with pytest.raises(NotConfirmed, match="--yes"):
        look(stack, door, Choice(ALL, send=True))
    assert (invitations(door), stack.trail) == (Counter(), [])


@pytest.mark.slow
def test_the_rate_is_kept(door: FrontDoor, stack: StackInProcess) -> None:
    import_members(door.cloud, *(member_row(number) for number in range(4, 11)))
    pauses: list[float] = []
    wave = Wave(a_second=4)
    sender = Sender(stack, wave, pauses.append, seconds=lambda: 0.0)
    invite(desk_of(stack, door), Choice(wave, send=True, agreed=True), sender)
    assert pauses == [1.0, 1.0, 0.25]


def test_what_was_sent_before_a_failure_is_printed(
    door: FrontDoor, stack: StackInProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    wave = Wave(a_second=1)
    sender = Sender(stack, wave, pause=lambda _: stack.fails.append(Unavailable("MailingsFunction: TimeoutError")))
    with pytest.raises(Unavailable):
        invite(desk_of(stack, door), Choice(wave, send=True, agreed=True), sender)
    assert "Invited: " in capsys.readouterr().out.splitlines()[-1]
    assert [event["outcome"] for event in stack.trail] == ["begun", "failed"]
    run(stack, door)
    assert invitations(door) == {f"{BY_EMAIL} e-mail": 1, f"{BY_LETTER} letter": 1}


@pytest.mark.parametrize(
    ("first", "after"), [(8, True), *(pytest.param(1, after, marks=pytest.mark.slow) for after in (False, True))]
)
def test_a_function_killed_at_any_call_invites_each_member_once(door: FrontDoor, first: int, after: bool) -> None:
    # All members, twice; what is left today, twice; requests and members; message and decision of each.
    calls = 2 + 2 + 1 + 2 + 2 * 2
    invited = 0
    for number in range(first, first + 1 if first > 1 else calls + 2):
        import_members(door.cloud, member_row(2 * number + 8), member_row(2 * number + 9, email=""))
        killing, stack = Killing(number, after=after), stack_in_process(door, parameters=PLENTY)
        try:
            with killing.of_aws(door.cloud):
                run(stack, door)
        except Killed:
            assert number <= calls
        with suppress(NothingToInvite):
            run(stack, door)
        invited = 2 + 2 * (number - first + 1)
        assert set(invitations(door).values()) == {1}, f"killed at call {number}"
        assert invitations(door).total() == invited, f"killed at call {number}"
    mailroom = Mailroom(door)
    mailroom.emails.deliver_for(600)
    sent = Counter(email["Destination"]["ToAddresses"][0] for email in mailroom.sent)
    assert (set(sent.values()), sent.total()) == ({1}, invited // 2)
    assert mailroom.emails.waiting == []
