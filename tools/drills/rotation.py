"""Each key is replaced by another: which members notice, and when the former key may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.keys_command import count_hashes
from simulators.sign_in_driver import PIN
from tools.drills.stage import CAMILLE, CAMILLES_DATA, CHJARA, NEW_PIN, NEWER_PIN, NOE

if TYPE_CHECKING:
    from tools.drills.stage import Stage

_OK = 200
_REFUSED = 401


def play(stage: Stage) -> None:
    """Rotate the PIN key, the code key, the index and own-data keys, the source key and the signing key."""
    for identifier in (CAMILLE, NOE):
        stage.give_pin(identifier)
    _pin_key(stage)
    _code_key(stage)
    _index_keys(stage)
    _source_key(stage)
    _signing_key(stage)


def _pin_key(stage: Stage) -> None:
    former, newer = stage.keys["PinKey"], stage.new_key("PinKey")
    needed = _hashes(stage, former)
    signed_in = stage.browser()
    signed_in.sign_in(CAMILLE)
    stage.say("PIN key: deployed with CurrentPinKeyArn, the former key beside it.")
    stage.deploy({"CurrentPinKeyArn": newer})
    stage.check("a member signs in with the former key's hash", stage.browser().sign_in(CAMILLE).status == _OK)
    stage.check("and has a hash of the new key now", stage.attributes(CAMILLE)["pin_hash"].startswith(newer))
    stage.check("sessions live on", stage.browser(signed_in.cookies).refresh().status == _OK)
    stage.say(f"python -m ops keys {stage.which}")
    for line in stage.count_keys():
        stage.say(f"  {line.replace(former, 'FORMER').replace(newer, 'NEW')}")
    stage.check("every other member with a PIN still needs the former key", _hashes(stage, former) == needed - 1)
    stage.say("The former key goes, although members need it.")
    stage.deploy({"CurrentPinKeyArn": "", "AdoptedPinKeyArn": newer})
    stage.check("such a member's PIN is refused, as a wrong one is", stage.browser().sign_in(NOE).status == _REFUSED)
    unusable = stage.latest("login.failed")["hash_unusable"]
    stage.check("the audit says why, and the alarm PinHashesUnusable rings", unusable)
    stage.browser(signed_in.cookies).sign_in(CAMILLE)
    is_known = stage.latest("login.succeeded")["known_browser"]
    stage.check("no browser is known and all counts start again: the key names the members in them", not is_known)
    stage.wait()
    stage.check("a reset gives that member a PIN again", stage.reset(NOE, NEW_PIN) < _REFUSED)
    stage.check("with which the member signs in", stage.browser().sign_in(NOE, NEW_PIN).status == _OK)


def _code_key(stage: Stage) -> None:
    stage.say("Code key: replaced while a code is under way.")
    browser = stage.browser()
    code = stage.request_code(browser, CHJARA)
    stage.deploy({"AdoptedCodeKeyArn": stage.new_key("CodeKey")})
    refused = stage.verify_code(stage.browser(browser.cookies), CHJARA, code) is None
    stage.check("the code under way is refused; so would be those of letters in the post", refused)
    stage.wait()
    stage.check("the next code works", stage.reset(CHJARA, NEWER_PIN) < _REFUSED)


def _index_keys(stage: Stage) -> None:
    stage.say("Index key and own-data key: replaced, then the insurer's full file is imported again.")
    stage.check("before, the member's data find the identifier", _finds(stage))
    stage.deploy({"AdoptedIndexKeyArn": stage.new_key("IndexKey"), "AdoptedOwnDataKeyArn": stage.new_key("OwnDataKey")})
    stage.check("until the import, they find no one", not _finds(stage))
    pin_hash = stage.attributes(CAMILLE)["pin_hash"]
    stage.import_members()
    stage.check("after the import they do again", _finds(stage))
    stage.check("and the PIN is the same", stage.attributes(CAMILLE)["pin_hash"] == pin_hash)


def _source_key(stage: Stage) -> None:
    stage.say("Source key: replaced.")
    stage.deploy({"AdoptedSourceKeyArn": stage.new_key("SourceKey")})
    is_signed_in = stage.browser().sign_in(CAMILLE, PIN).status == _OK
    stage.check("members sign in; the counts of all sources start again", is_signed_in)


def _signing_key(stage: Stage) -> None:
    present, following = stage.keys["SigningKey"], stage.new_key("SigningKey")
    stage.say("Signing key: the next one is published a day before it signs, and the former one until tokens end.")
    stage.deploy({"NextSigningKeyArn": following})
    before = _published(stage)
    stage.check("both keys are published", len(before) == 2)  # noqa: PLR2004 - both
    stage.deploy({"NextSigningKeyArn": "", "AdoptedSigningKeyArn": following, "FormerSigningKeyArn": present})
    stage.check("services that read the keys a day before know all of them", _published(stage) == before)
    stage.deploy({"FormerSigningKeyArn": ""})
    stage.check("the former key goes", len(_published(stage)) == 1)


def _published(stage: Stage) -> set[str]:
    keys = stage.browser().send("GET", "/.well-known/jwks.json").body["keys"]
    return {key["kid"] for key in keys}


def _finds(stage: Stage) -> bool:
    stage.wait()
    return "masked_email" in stage.browser().post("/identifier", CAMILLES_DATA).body


def _hashes(stage: Stage, key_arn: str) -> int:
    counts = count_hashes(stage.dynamodb, stage.tables["MembersTable"]).counts
    return sum(number for (key, _), number in counts.items() if key == key_arn)
