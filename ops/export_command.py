"""``python -m ops export IDENTIFIER``: what is held of a member, as JSON (GDPR, article 15)."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from bulk_import.import_rows import MemberDetails
from member_access.members.passkeys import listed_passkeys, passkey_key, passkeys_key
from member_access.platform.aws import Item, batch_get
from member_access.sessions.item import sign_ins_from_item
from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.values.types import Instant
from ops.access_search import search
from ops.command import command
from ops.desk import Desk, ExitStatus, NoSuchMember, Result
from ops.forget_command import REMAINS
from ops.member_keys import MemberKeys, find_keys
from ops.show_command import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from member_access.sessions.browser_families import BrowserFamily
    from member_access.throttling.policy import Attempts

_NEVER = {"N": "0"}
_DETAILS = tuple(field.name for field in fields(MemberDetails))

OF_MEMBER = (
    *("pk", *_DETAILS, "email_state", "email_state_at", "credential_version", "pin_disabled_at"),
    *("letter_state", "letter_state_at", "letter_requested_at"),
    *("address_state", "address_state_at", "invited_at", "invited_by"),
)
"""The attributes of a member that are exported; hashes are not read."""

_TIMES = {
    "address_state_at": "when it was noted that letters come back",
    "created_at": "when the passkey was added",
    "changed_at": "when the state last changed",
    "code_expires_at": "until when the code in the letter works",
    "email_state_at": "when the e-mail address was marked",
    "expires_at": "when the entry is deleted",
    "invited_at": "when the member was last invited to create a PIN",
    "last_used_at": "when the passkey was last used",
    "last_attempt_at": "when a guess was last counted",
    "letter_requested_at": "when the latest letter with an outcome was requested",
    "letter_state_at": "when that outcome became known",
    "not_after": "until when it is of use",
    "noticed_at": "when a notice of a sign-in from a new browser last went out",
    "pin_disabled_at": "when the member disabled the PIN",
    "post_by": "until when the letter is worth posting",
    "requested_at": "when it was requested",
    "reserved_at": "when the daily budget of e-mails counted it",
    "sent_at": "when the e-mail was sent",
}
_OTHERS = {
    "address_state": "letters to the postal address come back",
    "attempts": "how often sending was tried",
    "browsers": "browsers that have signed in: their family, since when, when last, and the wrong PINs there",
    "credential_version": "grows with each new PIN, and when the member disables it",
    "email_requests": "when codes by e-mail were requested, within a day",
    "email_state": "why the address gets no e-mail: it bounced, or a message was reported as spam",
    "failures": "consecutive wrong guesses",
    "failures_by_day": "wrong guesses of the last year by day",
    "invited_by": "whether the invitation went by e-mail or by letter",
    "kind": "what the e-mail or letter is about",
    "letter": "the code by letter that is open",
    "letter_state": "the state of the letter",
    "name": "the member's name for the passkey",
    "letters": "when codes by letter were requested, within thirty days",
    "provider": "who prints the letter",
    "provider_reference": "under which number the print provider has the letter",
    "requests": "how many reminders of the identifier were sent on a day",
    "sessions": "when and how sessions started, in which family of browsers, and when they were last refreshed",
    "strangers": "wrong PINs in browsers that are not known",
    "together": "wrong PINs in all known browsers",
    "tries": "how often the code was tried",
    "uses": "how often the permission to set a PIN may still be tried",
    **dict.fromkeys(_DETAILS, "as the insurer's file has it"),
    "identifier": "the member's name in this service",
}
EXPLANATIONS = {**_TIMES, **_OTHERS}

OF_PASSKEY = ("pk", "name", "created_at", "last_used_at")
"""The attributes of a passkey that are exported."""

_ELSEWHERE = {*OF_MEMBER, *OF_PASSKEY} - {"pk", "credential_version", "identifier", "letter_state"}
OF_ACCESS = tuple(sorted({"pk", "identifier", "revision", "subject", *_TIMES, *_OTHERS} - _ELSEWHERE))
"""The attributes that are read of items of the Access table: no token, no hash of one. Some serve to find them."""

HASHED = {
    "PIN": "a hash that only a key in KMS and the PIN together can make",
    "social-security number, birth date and postcode": "one keyed hash of all three; the number itself is not kept",
    "passkeys": "public keys, which sign no one in; the keys that do stay in the member's devices",
    "end of the IBAN": "a keyed hash; the IBAN itself is not kept",
    "PINs that the member's own data would give": "keyed hashes, so that the member cannot choose them",
}
KINDS = {
    "ATTEMPTS#iban": "wrong ends of the IBAN",
    "CHALLENGE": "a search for the identifier that waits for the end of the IBAN",
    "CODE": "a code by e-mail",
    "CONFIRM": "requests for codes of a second step",
    "EMAIL": "an e-mail",
    "LETTER": "a letter",
    "PASSKEY": "a passkey, by which the member signs in without a PIN",
    "CEREMONY": "a passkey that the member has begun to add",
    "REMINDERS": "reminders of the identifier",
    "RESET": "requests for codes",
    "RESET_TOKEN": "a permission to set a PIN, after a right code",
    "SIGN_INS": "known browsers and sessions, with the wrong PINs in them and in all other browsers",
}


@command(
    "export",
    "Export what is held of a member.",
    "Print as JSON what is held of the member IDENTIFIER (GDPR, article 15), with an explanation of each field. Values "
    "that are kept as hashes are named, not printed. Searches the whole Access table. Give it to the member alone.",
    {ExitStatus.DONE: "if the member was found", ExitStatus.NO_SUCH_MEMBER: "if there is no such member"},
)
@click.argument("identifier")
def export_command(desk: Desk, identifier: str) -> Result:
    """Export a member.

    Raises:
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    member = desk.identifier(identifier)
    with desk.action("export", member) as outcome:
        exported = export(desk, find_keys(desk.stack, member))
        outcome["entries"] = len(exported["activity"])
    return Result([json.dumps(exported, ensure_ascii=False, indent=2)], exported)


def export(desk: Desk, keys: MemberKeys) -> dict[str, Any]:
    """Collect what is held of a member.

    Raises:
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        Unavailable: AWS did not respond.
    """
    dynamodb, members, access = desk.stack.dynamodb(), desk.table, desk.access_table
    listed = passkeys_key(keys.identifier)
    found = batch_get(dynamodb, {members: [keys.member, listed]}, {members: (*OF_MEMBER, "digests")})
    if (members, keys.member) not in found:
        raise NoSuchMember(keys.identifier)
    by_key = [keys.sign_ins, keys.iban_counter, keys.reset, *keys.reminders(desk.clock())]
    items = {key: item for (_, key), item in batch_get(dynamodb, {access: by_key}, {access: OF_ACCESS}).items()}
    subjects = {keys.pseudonyms["subject"], keys.pseudonyms["searched"]}
    items |= {item["pk"]["S"]: item for item in search(dynamodb, access, {keys.identifier}, subjects, OF_ACCESS)}
    if passkeys := [passkey_key(one) for one in listed_passkeys(found.get((members, listed)))]:
        read = batch_get(dynamodb, {members: passkeys}, {members: OF_PASSKEY})
        items |= {key: item for (_, key), item in read.items()}
    activity = [
        {"is": KINDS.get(kind_of(key), kind_of(key)), **dict(_plain(item))} for key, item in sorted(items.items())
    ]
    member = dict(_plain(found[members, keys.member]))
    shown = {*member, *(name for entry in activity for name in entry)}
    return {
        "exported_at": iso(desk.clock()),
        "member": member,
        "kept_as_hashes": HASHED,
        "activity": activity,
        "explanations": {name: text for name, text in EXPLANATIONS.items() if name in shown},
        "elsewhere": REMAINS,
    }


def kind_of(key: str) -> str:
    """Return the kind of an item of the Access table by its key."""
    first, second, *_ = key.split("#")
    return f"{first}#{second}" if first == "ATTEMPTS" else first


def _plain(item: Item) -> Iterator[tuple[str, Any]]:
    """Yield what an item says, without keys, pseudonyms and hashes."""
    unpacked = _unpacked(item)
    for name, value in sorted(item.items()):
        if name in unpacked:
            yield name, unpacked[name]
        elif name in _TIMES and value != _NEVER:
            yield name, _time(value)
        elif name in _OTHERS and not (name == "tries" and "S" in value):
            # The tries of a challenge are a pseudonym, where its tries are counted.
            yield name, _value(name, value)


def _unpacked(item: Item) -> dict[str, Any]:
    """Return what stands packed in the item of the sign-ins."""
    if not item["pk"]["S"].startswith("SIGN_INS#"):
        return {}
    sign_ins = sign_ins_from_item(item)
    return {
        "strangers": _guesses(sign_ins.strangers),
        "together": _guesses(sign_ins.together),
        "browsers": [
            {**_family(one.family), "since": iso(one.since), "used_at": iso(one.used_at), **_guesses(one.attempts)}
            for one in sign_ins.browsers
        ],
        "sessions": [
            {
                **_family(one.family),
                "started_at": iso(one.started_at),
                "rotated_at": iso(one.rotated_at),
                "method": one.method.value,
            }
            for one in sign_ins.sessions
        ],
    }


def _family(family: BrowserFamily) -> dict[str, str]:
    return {"browser": family.product.value, "system": family.system.value}


def _guesses(attempts: Attempts) -> dict[str, Any]:
    last = {"last_attempt_at": iso(attempts.last_attempt_at)} if attempts.last_attempt_at else {}
    days = {iso(Instant(day * SECONDS_PER_DAY))[:10]: count for day, count in attempts.failures_by_day.items()}
    return {"failures": attempts.failures, **last, "failures_by_day": days}


def _value(name: str, value: AttributeValueTypeDef) -> Any:  # noqa: ANN401 - what JSON has
    told: Any = None
    match name, value:
        case "requests", {"SS": requests}:
            told = len(requests)
        case "failures_by_day", {"M": days}:
            told = {iso(Instant(int(day) * SECONDS_PER_DAY))[:10]: int(count["N"]) for day, count in days.items()}
        case "email_requests", {"L": asked}:
            told = [{"at": _time(one["M"]["at"]), "by_a_known_browser": "asker" in one["M"]} for one in asked]
        case "letters", {"L": asked}:
            told = [_time(one) for one in asked]
        case "letter", {"M": code}:
            told = {one: _time(code[one]) for one in ("requested_at", "expires_at")}
        case _, {"N": number}:
            told = int(number)
        case _, {"S": text}:
            told = text
    return told


def _time(value: Mapping[str, Any]) -> str:
    return iso(Instant(int(value["N"])))
