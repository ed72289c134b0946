"""The Members table is lost or spoilt, and comes back as it was at a moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3

from ops.restored_tables import RestoredTables
from simulators.kms import REGION
from simulators.point_in_time import PointInTime
from simulators.sign_in_driver import PIN
from tools.drills.stage import CAMILLE, CAMILLES_DATA, NEW_PIN, NEWER_PIN, NOE, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.sign_in_driver import Browser

SESSION_ENDED = "the session from before the loss is ended"
NO_ONE_WAITS = "the member whom a stranger kept waiting signs in at once"

_SIGNED_IN = 200
_REFUSED = 401
_TOO_MANY = 429


def play(stage: Stage, make_tables: type[RestoredTables] = RestoredTables) -> None:
    """Play the loss and the way back, with the operator's command or with another."""
    with PointInTime(stage.cloud.dynamodb, boto3.client("dynamodb", region_name=REGION)) as backups:
        stage.say("Before: members sign in, and one uses a code.")
        earlier = _before(stage)
        moment = datetime.fromtimestamp(stage.door.clock(), UTC)
        backups.keep(stage.cloud.tables["MembersTable"], moment)
        stage.say(
            f"{moment:%H:%M} UTC, the moment to go back to. Then a member sets another PIN, and a stranger guesses."
        )
        _after(stage)
        stage.say("A wrong command empties the Members table.")
        _lose(stage)
        stage.check("no one can sign in", stage.browser().sign_in(CAMILLE, NEWER_PIN).status == _REFUSED)
        stage.say(f"python -m ops restore --stack … --at {moment:%Y-%m-%dT%H:%M:%SZ}")
        adopted = restored(stage, moment, make_tables)
    former = stage.cloud.tables["AccessTable"]
    stage.say("If someone forgets AdoptedAccessTable, and deploys with the restored members alone:")
    stage.deploy(tables={**adopted, "AccessTable": former})
    stage.check(SESSION_ENDED, stage.browser(earlier.session).refresh().status == _REFUSED)
    stage.check(NO_ONE_WAITS, stage.browser().sign_in(NOE).status == _SIGNED_IN)
    stage.say("Deployed with AdoptedMembersTable and AdoptedAccessTable:")
    stage.deploy(tables=adopted)
    _checks(stage, earlier)


class _Earlier:
    """What a browser and a thief have from the time before."""

    def __init__(self, session: Mapping[str, str], asking: Browser, code: str, token: str) -> None:
        self.session = dict(session)
        self.asking = dict(asking.cookies)
        self.code = code
        self.token = token


def _before(stage: Stage) -> _Earlier:
    stage.import_members()
    for identifier in (CAMILLE, NOE):
        stage.door.give_pin(identifier)
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
    table = stage.cloud.tables["MembersTable"]
    for item in stage.cloud.dynamodb.scan(TableName=table)["Items"]:
        stage.cloud.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})


def restored(
    stage: Stage, moment: datetime | None, make_tables: type[RestoredTables] = RestoredTables
) -> dict[str, str]:
    """Restore as ``python -m ops restore`` does, and return the tables to adopt; None for the latest moment."""
    source, access = stage.cloud.tables["MembersTable"], stage.cloud.tables["AccessTable"]
    members = f"{source}-{moment:%Y%m%dT%H%M%SZ}" if moment else f"{source}-latest"
    tables = make_tables(stage.cloud.dynamodb, lambda _: None, lambda line: stage.say(f"  {line}"))
    tables.restore_members(source, members, moment)
    tables.protect(members, source)
    stage.say(f"  {tables.raise_versions(members, stage.door.clock())} credential versions raised.")
    tables.create_access_table(f"{members}-access")
    tables.protect(f"{members}-access", access)
    return {"MembersTable": members, "AccessTable": f"{members}-access"}


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
