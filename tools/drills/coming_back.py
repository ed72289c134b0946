"""The stack is deleted and comes back to its data; then a newer template has another default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.drills.stage import CAMILLE, CAMILLES_DATA, NEWER_PIN, NOE

if TYPE_CHECKING:
    from tools.drills.local_stage import LocalStage

_OK = 200
_NOT_FOUND = 404
_TOO_MANY = 429


def play(stage: LocalStage) -> None:
    """Delete the stack, deploy it again with the parameters of its output ToAdopt, and change a default."""
    for identifier in (CAMILLE, NOE):
        stage.give_pin(identifier)
    browser = stage.browser()
    browser.sign_in(CAMILLE)
    noted, data = stage.to_adopt(), (stage.tables, stage.keys)
    stage.say("The stack is deleted; its output ToAdopt is noted.")
    stage.delete()
    stage.check("no one can sign in", stage.browser().sign_in(CAMILLE).status == _NOT_FOUND)
    tables = stage.dynamodb.list_tables()["TableNames"]
    stage.check("the tables are still there", {*stage.tables.values()} <= {*tables})
    stage.say("Deployed again with the parameters of ToAdopt:")
    stage.deploy(noted)
    stage.check("the stack names the same tables and keys", (stage.tables, stage.keys) == data)
    stage.check("members sign in with their PIN", stage.browser().sign_in(CAMILLE).status == _OK)
    stage.check("sessions live on", stage.browser(browser.cookies).refresh().status == _OK)
    found = stage.browser().post("/identifier", CAMILLES_DATA).body
    stage.check("the member finds the identifier", "masked_email" in found)
    stage.say("Deployed from a newer template, whose default of PinFreeAttempts is 1:")
    stage.deploy({}, defaults={"PinFreeAttempts": "1"})
    status = stage.browser().sign_in(NOE, NEWER_PIN).status
    stage.check("the functions that answer know it: the first wrong PIN makes the member wait", status == _TOO_MANY)
