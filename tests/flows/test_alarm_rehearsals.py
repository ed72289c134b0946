"""Bad days, rehearsed: what the code counts, which alarms of the template ring, and what members get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.outbox.email_item import EmailKind
from simulators.metrics import Metric, Metrics
from simulators.ses import SesError
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.alarm_watch import STACK, AlarmWatch, alarms
from tests.support.codes import last_code
from tests.support.letter_room import SECRET, LetterRoom
from tests.support.loop_detection import MOST_RUNS, LoopDetection, is_allowed
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud

MEMBER, POSTAL = "A0000001", "A0000002"
MINUTE, HOUR, DAY = 60, 3600, 86_400
MIDNIGHT = 1_800_057_600
SWEEP = "LetterSweepMissed"
NOT_REHEARSED = {SWEEP, "SignInsStopped"}
"""They ring because nothing happens, and in most rehearsals no one signs in and no sweep runs."""
PAUSED = SesError("SendingPausedException")
THROTTLED = SesError("TooManyRequestsException", 429)


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions, and two members: with an e-mail address and without."""
    import_members(cloud, member_row(1, email="someone@courriel.example"), member_row(2, email=""))
    with cloud.recorded_calls() as calls:
        yield FrontDoor(cloud, NO_SOURCE_LIMITS, executor=calls.executor)


@pytest.fixture
def watch(door: FrontDoor, capfd: pytest.CaptureFixture[str]) -> AlarmWatch:
    """CloudWatch."""
    return AlarmWatch(door, lambda: capfd.readouterr().out)


def request_code(browser: Browser, identifier: str = MEMBER) -> int:
    reply = browser.post("/reset", {"identifier": identifier})
    assert reply.status == 202
    return int(reply.body["expires_in"])


@pytest.mark.parametrize(("fault", "rings"), [(PAUSED, "EmailsRefused"), (THROTTLED, "EmailsDeferred")])
def test_an_outage_of_ses_of_fifteen_minutes_rings(
    door: FrontDoor, watch: AlarmWatch, fault: SesError, rings: str
) -> None:
    mailroom, browser = Mailroom(door), Browser(door)
    door.cloud.sent_emails.fault = fault
    assert request_code(browser) == 600, "the member reads that the code lasts ten minutes"
    mailroom.decide(MEMBER, EmailKind.PIN_CHANGED)
    first: dict[str, int] = {}
    for minute in range(1, 16):
        mailroom.emails.deliver_for(MINUTE)
        watch.note("EmailsFunction")
        watch.note_queues()
        for alarm in watch.ringing() - NOT_REHEARSED:
            first.setdefault(alarm, minute)

    assert mailroom.sent == []
    # Neither the age of a queue nor its dead letters show it: each message was received three times in 18 seconds.
    assert first.keys() == {rings, "CodesExpired", "EmailMessagesFail"}
    assert first[rings] <= 4
    assert first["CodesExpired"] <= 12


def test_after_an_outage_of_ses_the_alarm_ends_and_nothing_but_codes_is_lost(
    door: FrontDoor, watch: AlarmWatch
) -> None:
    mailroom, browser = Mailroom(door), Browser(door)
    door.cloud.sent_emails.fault = PAUSED
    request_code(browser)
    notice = mailroom.decide(MEMBER, EmailKind.PIN_CHANGED)
    mailroom.emails.deliver_for(15 * MINUTE)
    door.cloud.sent_emails.fault = None
    watch.note("EmailsFunction")
    mailroom.emails.deliver_for(HOUR)
    watch.note("EmailsFunction")

    assert [email["EmailTags"][1]["Value"] for email in mailroom.sent] == [notice]
    assert watch.ringing() <= NOT_REHEARSED

    request_code(browser)
    code = last_code(door.cloud, MEMBER)
    mailroom.emails.deliver_for(3)
    assert len(mailroom.sent) == 2
    assert browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 200


def letter_without_credentials(door: FrontDoor, *, allowed: bool) -> tuple[LetterRoom, LoopDetection]:
    """A letter whose provider's secret is empty: it waits by sending itself a new message."""
    room = LetterRoom(door)
    door.cloud.secrets.content = {"placeholder": "generated"}
    detection = LoopDetection(door.cloud, room.queue.handler, "LettersDeadLetters", allowed=allowed)
    room.queue.handler = detection
    request_code(Browser(door), POSTAL)
    return room, detection


def test_a_provider_without_credentials_for_a_day_loses_no_letter(door: FrontDoor, watch: AlarmWatch) -> None:
    room, detection = letter_without_credentials(door, allowed=is_allowed("LettersFunction"))
    rang = set()
    for _ in range(DAY // (5 * MINUTE)):
        room.queue.deliver_for(5 * MINUTE)
        watch.note("LettersFunction")
        watch.note_queues()
        rang |= watch.ringing() - NOT_REHEARSED

    assert detection.longest > MOST_RUNS
    assert (detection.dropped, room.queue.given_up, len(room.queue.waiting)) == (0, [], 1)
    # The letter is late, and someone must fill the secret: no false alarm, and no other one.
    assert rang == {"LettersStuck"}

    door.cloud.secrets.content = dict(SECRET)
    room.queue.deliver_for(HOUR)
    assert room.states() == ["submitted"]


def test_lambda_would_stop_a_letter_that_waits_if_the_template_did_not_allow_it(
    door: FrontDoor, watch: AlarmWatch
) -> None:
    room, detection = letter_without_credentials(door, allowed=False)
    room.queue.deliver_for(DAY)
    watch.note_queues()

    assert (detection.longest, detection.dropped) == (MOST_RUNS, 1)
    assert (len(room.queue.given_up), room.queue.waiting) == (1, [])
    assert watch.ringing() - NOT_REHEARSED == {"LettersGivenUp"}


def test_a_schedule_that_does_not_fire_rings_within_thirty_hours() -> None:
    alarm, metrics = alarms()[SWEEP], Metrics()
    runs = Metric(STACK, "letters.swept", frozenset({("service", "letters")}))
    for day in range(3):
        metrics.put(runs, MIDNIGHT + day * DAY + 4 * HOUR + 30 * MINUTE)
    last = MIDNIGHT + 2 * DAY + 4 * HOUR + 30 * MINUTE

    ringing = [hour for hour in range(-24, 48) if alarm.rings(metrics, last + hour * HOUR)]

    assert ringing[0] in range(26, 31)
    assert ringing == list(range(ringing[0], 48)), "until it runs"


def test_a_sweep_that_never_ran_rings() -> None:
    assert alarms()[SWEEP].rings(Metrics(), MIDNIGHT)


@pytest.mark.parametrize(("hour", "rings"), [(3, False), (7, False), (8, True), (12, True), (19, True), (20, False)])
def test_sign_ins_that_stop_ring_by_day_alone(hour: int, rings: bool) -> None:
    """The alarm looks at the hour before; hours are in UTC."""
    metrics, succeeded = Metrics(), Metric(STACK, "login.succeeded", frozenset({("service", "login")}))
    now = MIDNIGHT + hour * HOUR
    metrics.put(succeeded, now - HOUR - 1)

    assert alarms()["SignInsStopped"].rings(metrics, now) == rings
    metrics.put(succeeded, now - 1)
    assert not alarms()["SignInsStopped"].rings(metrics, now)


def test_the_canary_is_no_member_who_signs_in() -> None:
    alarm, noon = alarms(CanarySecretArn="canary")["SignInsStopped"], MIDNIGHT + 12 * HOUR
    metrics, succeeded = Metrics(), Metric(STACK, "login.succeeded", frozenset({("service", "login")}))
    for minute in range(0, 60, 5):
        metrics.put(succeeded, noon - HOUR + minute * MINUTE)
        metrics.put(
            Metric(STACK, "canary.succeeded", frozenset({("service", "canary")})), noon - HOUR + minute * MINUTE
        )

    assert alarm.rings(metrics, noon)
    metrics.put(succeeded, noon - MINUTE)
    assert not alarm.rings(metrics, noon)


@pytest.mark.parametrize(
    ("alarm", "service", "failed", "of_all", "rings"),
    [
        ("SignInsFail", "login", 99, 1, False),
        ("SignInsFail", "login", 100, 25, True),
        ("SignInsFail", "login", 3000, 1500, False),
        ("SignInsFail", "login", 3000, 0, True),
        ("SearchesMatchNoOne", "identifier", 49, 49, False),
        ("SearchesMatchNoOne", "identifier", 50, 50, True),
        ("SearchesMatchNoOne", "identifier", 180, 200, False),
    ],
)
def test_an_attack_rings_by_its_share_and_not_by_a_few(
    alarm: str, service: str, failed: int, of_all: int, rings: bool
) -> None:
    own = frozenset({("service", service)})
    names = {
        "SignInsFail": (Metric(STACK, "login.failed", own), Metric(STACK, "login.succeeded", own)),
        "SearchesMatchNoOne": (Metric(STACK, "identity.screen"), Metric(STACK, "identity.looked-up", own)),
    }
    metrics = Metrics()
    for quarter in (1, 2):
        for metric, number in zip(names[alarm], (failed, of_all), strict=True):
            if number:
                metrics.put(metric, MIDNIGHT - quarter * 15 * MINUTE, number)

    assert alarms()[alarm].rings(metrics, MIDNIGHT) == rings


@pytest.mark.parametrize(("failed", "of_all", "rings"), [(3, 60_000, False), (3001, 60_000, True), (1, 1, True)])
def test_failed_requests_ring_by_their_share(failed: int, of_all: int, rings: bool) -> None:
    """API Gateway documents the average of 5XXError as the share of failed requests."""
    metrics, alarm = Metrics(), alarms()["ApiErrorRate"]
    metric = Metric.of(alarm.properties)
    for minute in (1, 2, 3):
        metrics.put(metric, MIDNIGHT - minute * MINUTE, failed / of_all)

    assert alarm.rings(metrics, MIDNIGHT) == rings


def test_where_nothing_happens_only_what_must_happen_rings() -> None:
    ringing = {name for name, alarm in alarms().items() if alarm.rings(Metrics(), MIDNIGHT + 12 * HOUR)}

    assert ringing == NOT_REHEARSED
