"""``python -m ops show IDENTIFIER``: the state of a member, without a secret."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from member_access.recovery.codes import Channel
from member_access.throttling.policy import Disabled, Wait
from member_access.values.types import Instant
from ops.command import command
from ops.desk import Desk, ExitStatus, Result
from ops.member_limits import MemberLimits
from ops.member_state import read_state
from ops.member_waits import read_waits

if TYPE_CHECKING:
    from ops.member_state import Limited, MemberState
    from ops.member_waits import Waits

_PARIS = ZoneInfo("Europe/Paris")
_OLDEST_TIME = 1_000_000_000
"""A credential version from here on is a time: that of the new PIN, or later (``Credential.next_version``)."""

NOT_SHOWN = (
    "Not known of a member: the waits of a network address, and of searches by a social-security number. They end "
    "within the hour, or at midnight UTC for codes that one network asked for."
)


@command(
    "show",
    "Show the state of a member.",
    "Show what a desk needs to know of the member IDENTIFIER: whether a PIN is set, which waits there are and why, "
    "codes and letters, the state of the e-mail address, known browsers and sessions. Shows no PIN, code, address or "
    "name. The audit trail records who looked.",
    {ExitStatus.DONE: "if the member was found", ExitStatus.NO_SUCH_MEMBER: "if there is no such member"},
)
@click.argument("identifier")
def show_command(desk: Desk, identifier: str) -> Result:
    """Show a member.

    Raises:
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    member, limits = desk.identifier(identifier), MemberLimits.of(desk.stack)
    with desk.action("show", member):
        state = read_state(desk, member, limits)
        waits = read_waits(desk, state, limits)
    present = desk.stack.output("PinKeyArn")
    return Result(lines_of(state, waits, present), data_of(state, waits, present))


def lines_of(state: MemberState, waits: Waits, present_key: str) -> list[str]:
    """Write the state for a person, with times of Paris."""
    rows = [
        ("PIN", _pin(state, present_key)),
        ("  unknown browsers", _limited(state.strangers, state.now)),
        ("  known browsers", _limited(state.together, state.now)),
        *(
            (f"  browser {number}", f"{_limited(browser.limited, state.now)}; known until {time(browser.known_until)}")
            for number, browser in enumerate(state.browsers, start=1)
        ),
        ("end of the IBAN", _limited(state.iban, state.now)),
        *(
            (f"searches, browser {number}", _searches(limited, state.now))
            for number, limited in enumerate(waits.searches, start=1)
            if limited.failures
        ),
        ("e-mail", _email(state)),
        *([("identifier by e-mail", _reminders(waits))] if waits.reminders else []),
        ("codes by e-mail", _emailed_codes(state)),
        *([("e-mails of the day", _used_up("codes", waits.emails_from))] if waits.emails_from else []),
        ("code by letter", _posted_code(state)),
        *([("letters of the day", _used_up("letters", waits.letters_from))] if waits.letters_from else []),
        ("latest outcome", f"{state.latest_letter[0]} on {time(state.latest_letter[1])}")
        if state.latest_letter
        else ("latest outcome", "none"),
        *([("postal address", _returned(state.address_returned_at))] if state.address_returned_at else []),
        *([("invitation", f"by {state.invited[1]} on {time(state.invited[0])}")] if state.invited else []),
        *(
            (
                f"session {number}",
                f"since {time(one.started_at)}, refreshed {time(one.refreshed_at)}, ends {time(one.ends_at)}",
            )
            for number, one in enumerate(state.sessions, start=1)
        ),
        *([] if state.sessions else [("sessions", "none")]),
        ("language, town", f"{state.language}, {state.town or '–'}"),
    ]
    width = max(len(name) for name, _ in rows)
    return [
        f"{state.keys.identifier} on {time(state.now)}, Paris time",
        *(f"{name:<{width}}  {text}" for name, text in rows),
        NOT_SHOWN,
    ]


def data_of(state: MemberState, waits: Waits, present_key: str) -> dict[str, Any]:
    """Return the state for a program, with times in UTC."""
    made_with = state.pin_made_with
    return {
        "identifier": state.keys.identifier,
        "pin": {
            "is_set": made_with is not None,
            "disabled_by_member_at": _iso_or_none(state.pin_disabled_at),
            "credential_version": state.credential_version,
            "cost": made_with[1] if made_with else None,
            "has_present_key": made_with[0] == present_key if made_with else None,
            "unknown_browsers": _limited_data(state.strangers),
            "known_browsers": _limited_data(state.together),
        },
        "browsers": [{"known_until": iso(one.known_until), **_limited_data(one.limited)} for one in state.browsers],
        "sessions": [
            {"started_at": iso(one.started_at), "refreshed_at": iso(one.refreshed_at), "ends_at": iso(one.ends_at)}
            for one in state.sessions
        ],
        "iban": _limited_data(state.iban),
        "searches": [_limited_data(one) for one in waits.searches],
        "reminders": {"today": waits.reminders, "next_from": _iso_or_none(waits.reminders_from)},
        "budgets": {
            "emails_again_from": _iso_or_none(waits.emails_from),
            "letters_again_from": _iso_or_none(waits.letters_from),
        },
        "email": {
            "masked": state.masked_email,
            "state": state.email_state[0] if state.email_state else None,
            "since": iso(state.email_state[1]) if state.email_state and state.email_state[1] else None,
        },
        "codes": {
            "emails_requested_at": [iso(one.at) for one in state.reset.emails],
            "letters_requested_at": [iso(one) for one in state.reset.letters],
            "retry_after": {channel.value: wait for channel, wait in state.codes_wait.items()},
            "retry_after_in_known_browsers": state.known_codes_wait,
            "open_letter": {
                "requested_at": iso(state.open_letter.requested_at),
                "expires_at": iso(state.open_letter.code_expires_at),
                "state": state.open_letter.state,
                "state_at": iso(state.open_letter.state_at),
                "provider": state.open_letter.provider,
            }
            if state.open_letter
            else None,
        },
        "latest_letter": {"outcome": state.latest_letter[0], "at": iso(state.latest_letter[1])}
        if state.latest_letter
        else None,
        "address_returned_at": iso(state.address_returned_at) if state.address_returned_at else None,
        "invitation": {"by": state.invited[1], "at": iso(state.invited[0])} if state.invited else None,
        "language": state.language,
        "town": state.town,
    }


def time(instant: Instant) -> str:
    """Write a time of Paris to the second."""
    return f"{datetime.fromtimestamp(instant, _PARIS):%Y-%m-%d %H:%M:%S}"


def iso(instant: Instant) -> str:
    """Write a time for a program, in UTC."""
    return datetime.fromtimestamp(instant, UTC).isoformat()


def _pin(state: MemberState, present_key: str) -> str:
    if state.pin_made_with is None:
        return "none yet"
    if state.pin_disabled_at:
        return f"disabled by the member on {time(state.pin_disabled_at)}, until they set another one"
    key, cost = state.pin_made_with
    # A restore raises the versions of all members.
    is_time = state.credential_version >= _OLDEST_TIME
    since = f" by {time(Instant(state.credential_version))}" if is_time else ""
    return f"set{since}; hash {cost} by {'the present' if key == present_key else 'a former'} key"


def _limited(limited: Limited, now: Instant) -> str:
    match limited.verdict:
        case Disabled():
            verdict = ": disabled"
        case None:
            verdict = ""
        case wait:
            verdict = f": must wait until {time(Instant(now + wait.seconds))}"
    return f"{limited.failures} wrong in a row, {limited.in_a_year} in a year{verdict}"


def _searches(limited: Limited, now: Instant) -> str:
    wait = limited.verdict
    return f"{limited.failures} in a row" + (
        f": must wait until {time(Instant(now + wait.seconds))}" if isinstance(wait, Wait) else ""
    )


def _reminders(waits: Waits) -> str:
    more = f": no more until {time(waits.reminders_from)}" if waits.reminders_from else ""
    return f"sent {waits.reminders} times today{more}"


def _used_up(what: str, again_from: Instant) -> str:
    return f"all members together have used them up: {what} wait until {time(again_from)}"


def _iso_or_none(instant: Instant | None) -> str | None:
    return iso(instant) if instant is not None else None


def _limited_data(limited: Limited) -> dict[str, Any]:
    return {
        "failures": limited.failures,
        "failures_in_a_year": limited.in_a_year,
        "is_disabled": isinstance(limited.verdict, Disabled),
        "retry_after": 0
        if limited.verdict is None or isinstance(limited.verdict, Disabled)
        else limited.verdict.seconds,
    }


def _email(state: MemberState) -> str:
    if state.masked_email is None:
        return "none: codes go by letter"
    if state.email_state is None:
        return f"{state.masked_email}, gets e-mail"
    marked, since = state.email_state
    return f"{state.masked_email}, marked as {marked}{f' on {time(since)}' if since else ''}"


def _returned(since: Instant) -> str:
    return f"letters come back, noted on {time(since)}; none is sent until an import changes the address"


def _emailed_codes(state: MemberState) -> str:
    asked = [time(one.at) for one in state.reset.emails]
    text = f"requested {', '.join(asked)}" if asked else "none requested within a day"
    known = state.known_codes_wait
    later = f"; in a known browser from {time(Instant(state.now + known))} on" if known else ""
    return text + _next(state, Channel.EMAIL) + later


def _posted_code(state: MemberState) -> str:
    letter = state.open_letter
    if letter is None:
        return "none open" + _next(state, Channel.LETTER)
    if letter.state is None:
        return f"that of the invitation by e-mail works until {time(letter.code_expires_at)}" + _next(
            state, Channel.LETTER
        )
    provider = f" at {letter.provider}" if letter.provider else ""
    return (
        f"works until {time(letter.code_expires_at)}; letter {letter.state} on {time(letter.state_at)}{provider}"
        f"{_next(state, Channel.LETTER)}"
    )


def _next(state: MemberState, channel: Channel) -> str:
    wait = state.codes_wait[channel]
    return f"; another from {time(Instant(state.now + wait))} on" if wait else ""
