"""The Members table is lost or spoilt, and comes back as it was at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.sign_in_driver import PIN
from tools.drills.stage import CAMILLE, CAMILLES_DATA, NEW_PIN, NEWER_PIN, NOE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.sign_in_driver import AnyBrowser
    from tools.drills.stage import Stage

SESSION_ENDED = "the session from before the loss is ended"
NO_ONE_WAITS = "the member whom a stranger kept waiting signs in at once"

_SIGNED_IN = 200
_REFUSED = 401
_TOO_MANY = 429


def play(stage: Stage) -> None:
    """Play the loss and the way back."""
    stage.say("Before: members sign in, and one uses a code.")
    earlier = _before(stage)
    moment = stage.keep_moment()
    stage.say(f"{moment:%H:%M} UTC, the moment to go back to. Then a member sets another PIN, and a stranger guesses.")
    _after(stage)
    stage.say("A wrong command empties the Members table.")
    _lose(stage)
    stage.check("no one can sign in", stage.browser().sign_in(CAMILLE, NEWER_PIN).status == _REFUSED)
    stage.say(f"python -m ops restore {stage.which} --at {moment:%Y-%m-%dT%H:%M:%SZ}")
    adopted = stage.restore(moment)
    former = stage.tables["AccessTable"]
    stage.say("If someone forgets AdoptedAccessTable, and deploys with the restored members alone:")
    stage.deploy({**adopted, "AdoptedAccessTable": former})
    stage.check(SESSION_ENDED, stage.browser(earlier.session).refresh().status == _REFUSED)
    stage.check(NO_ONE_WAITS, stage.browser().sign_in(NOE).status == _SIGNED_IN)
    stage.say("Deployed with AdoptedMembersTable and AdoptedAccessTable:")
    stage.deploy(adopted)
    _checks(stage, earlier)


class _Earlier:
    """What a browser and a thief have from the time before."""

    def __init__(self, session: Mapping[str, str], asking: AnyBrowser, code: str, token: str) -> None:
        self.session = dict(session)
        self.asking = dict(asking.cookies)
        self.code = code
        self.token = token


def _before(stage: Stage) -> _Earlier:
    for identifier in (CAMILLE, NOE):
        stage.give_pin(identifier)
    asking = stage.browser()
    code = stage.request_code(asking, CAMILLE)
    token = stage.verify_code(asking, CAMILLE, code)
    stage.check("a code sets a PIN", stage.set_pin(asking, token, NEW_PIN) < _REFUSED)
    browser = stage.browser()
    stage.check("the member signs in with it", browser.sign_in(CAMILLE, NEW_PIN).status == _SIGNED_IN)
    stage.wait()
    return _Earlier(browser.cookies, asking, code, token)


def _after(stage: Stage) -> None:
    stage.wait()
    stage.check("another PIN is set", stage.reset(CAMILLE, NEWER_PIN) < _REFUSED)
    for _ in range(3):
        stage.browser().sign_in(NOE, NEWER_PIN)
    waiting = stage.browser().sign_in(NOE).status
    stage.check("the stranger's guesses keep the other member waiting", waiting == _TOO_MANY)


def _lose(stage: Stage) -> None:
    table = stage.tables["MembersTable"]
    for item in stage.dynamodb.scan(TableName=table)["Items"]:
        stage.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def _checks(stage: Stage, earlier: _Earlier) -> None:
    present, lost = (stage.browser().sign_in(CAMILLE, pin).status for pin in (NEW_PIN, NEWER_PIN))
    stage.check("the member signs in with the PIN of that moment", present == _SIGNED_IN)
    stage.check("the PIN that was set after it is lost", lost == _REFUSED)
    stage.check(NO_ONE_WAITS, stage.browser().sign_in(NOE, PIN).status == _SIGNED_IN)
    stage.check(SESSION_ENDED, stage.browser(earlier.session).refresh().status == _REFUSED)
    code = stage.verify_code(stage.browser(earlier.asking), CAMILLE, earlier.code)
    stage.check("the code that was used before stays used", code is None)
    token = stage.set_pin(stage.browser(), earlier.token, NEWER_PIN)
    stage.check("so does its reset token", token == _REFUSED)
    found = stage.browser().post("/identifier", CAMILLES_DATA).body
    stage.check("the member finds the identifier", "masked_email" in found)
    stage.wait()
    stage.check("a new code sets a new PIN", stage.reset(CAMILLE, NEWER_PIN) < _REFUSED)
