"""Someone has a copy of both tables: what it is good for, and how an operator ends that."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from argon2.exceptions import VerificationError

from member_access.api.cookies import DEVICE_COOKIE, SESSION_COOKIE
from member_access.members.pseudonyms import Pseudonym
from member_access.pins.hashing import PinHasher, argon2id
from member_access.pins.pin_hash import Argon2Cost, PinHash
from member_access.sessions.item import sign_ins_from_item
from member_access.sessions.policy import RefreshToken, TokenParts
from member_access.values.types import Identifier, Pin
from simulators.sign_in_driver import PIN
from tools.drills.stage import CAMILLE, NEW_PIN, NOE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.drills.stage import Stage

_OK = 200
_REFUSED = 401


def play(stage: Stage) -> None:
    """Copy both tables, try what a thief would try, and replace what can be replaced."""
    for identifier in (CAMILLE, NOE):
        stage.give_pin(identifier)
    victim = stage.browser()
    victim.sign_in(CAMILLE)
    code = stage.request_code(stage.browser(), NOE)
    stage.say("A thief copies both tables.")
    stolen = _copy(stage)
    _thief(stage, stolen, code)
    _operator(stage, victim.cookies, stolen)


def _thief(stage: Stage, stolen: list[dict[str, Any]], code: str) -> None:
    text = json.dumps(stolen, default=str)
    stage.check("names, addresses and e-mail addresses are readable: this is a personal data breach", "EXEMPLE" in text)
    secret = ("2850375056001", "1985-03-14", "010106")
    stage.check("no social-security number, birth date or IBAN is in it", not any(one in text for one in secret))
    stage.check("no code that is under way is in it", code not in text)
    own_key = stage.new_key("PinKey")
    stage.check("the right PIN matches its hash with the key in KMS", _matches(stage, stolen, stage.keys["PinKey"]))
    stage.check("with any other key it does not, so trying all PINs finds none", not _matches(stage, stolen, own_key))
    cookies = [{SESSION_COOKIE: token} for token in _tokens(stolen)]
    refreshed = [stage.browser(one).refresh().status for one in cookies]
    stage.check(f"none of {len(cookies)} stored values continues a session", set(refreshed) == {_REFUSED})


def _operator(stage: Stage, cookies: dict[str, str], stolen: list[dict[str, Any]]) -> None:
    stage.say(f"python -m ops restore {stage.which} --at latest, and a new PIN key")
    stage.keep_moment()
    adopted = stage.restore(None)
    newer = stage.new_key("PinKey")
    stage.deploy({**adopted, "CurrentPinKeyArn": newer})
    stage.check("all sessions are ended", stage.browser(cookies).refresh().status == _REFUSED)
    again = stage.browser()
    stage.check("members sign in again with their PIN", again.sign_in(CAMILLE, PIN).status == _OK)
    was = next(item["pin_hash"]["S"] for item in stolen if item["pk"]["S"] == f"MEMBER#{CAMILLE}")
    stage.check("and their hash is no longer the stolen one", stage.attributes(CAMILLE)["pin_hash"] != was)
    known = [name for name in again.cookies if name.startswith(DEVICE_COOKIE)]
    stage.check("their browser is known again", len(known) == 1)
    stage.say("If the key is feared lost too: the former key goes, and every member resets the PIN.")
    stage.deploy({"CurrentPinKeyArn": "", "AdoptedPinKeyArn": newer})
    stage.check("a PIN of the former key is refused", stage.browser().sign_in(NOE, PIN).status == _REFUSED)
    stage.wait()
    stage.check("a reset gives the member a PIN again", stage.reset(NOE, NEW_PIN) < _REFUSED)


def _copy(stage: Stage) -> list[dict[str, Any]]:
    return [dict(item) for table in stage.tables.values() for item in stage.dynamodb.scan(TableName=table)["Items"]]


def _matches(stage: Stage, stolen: list[dict[str, Any]], key_arn: str) -> bool:
    """Hash the right PIN as the service does, with a key, and compare it with the stolen hash."""
    stored = next(PinHash.parse(item["pin_hash"]["S"]) for item in stolen if item["pk"]["S"] == f"MEMBER#{CAMILLE}")
    # A stored hash states its own cost.
    argon2 = argon2id(Argon2Cost(8, 1, 1))
    hasher = PinHasher(stage.kms, key_arn, argon2, secrets.token_bytes)
    keyed = hasher.keyed_pin(Identifier(CAMILLE), Pin(PIN), PinHash(key_arn, stored.argon2))
    try:
        return argon2.verify(stored.argon2, keyed)
    except VerificationError:
        return False


def _tokens(stolen: list[dict[str, Any]]) -> Iterable[str]:
    """Yield a cookie of each stored hash and key of a stolen session, in the place of its token."""
    for item in stolen:
        if "session_secrets" in item:
            whose = Pseudonym(item["pk"]["S"].removeprefix("SIGN_INS#"))
            for session in sign_ins_from_item(item).sessions:
                for kept in (session.token_hash, session.chain_key, *filter(None, [session.previous_hash])):
                    yield RefreshToken.of(TokenParts(whose, session.digest, kept)).reveal()
