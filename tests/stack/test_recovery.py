"""A forgotten PIN and a forgotten identifier over HTTP, on the deployed stack, with codes from the inbox."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Literal

import pytest

from local.samples import sample_pins
from simulators.template import ROOT
from tests.support.local_stack import call
from tests.support.mailbox import code_in
from tests.support.members import NEW_PIN, french_iban, member_row, members_csv, with_key
from tests.support.stack_members import forget_searches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.local_stack import Answer, Stack

_sources = itertools.count(10)

EMAIL_MEMBER = member_row(71, email="imported.member@example.fr")
LETTER_MEMBER = member_row(72, email="")
CORSICAN = member_row(73, email="", nir=with_key("285032A004001"), postcode="20000", town="AJACCIO")
ABROAD = member_row(74, email="", postcode="SW1A 1AA", town="LONDON", country="GB", iban="GB82 WEST 1234 5698 7654 32")
LUNAR = member_row(75, email="", nir=with_key("2856399300001"), birth_date="1985-13-31")
OVERSEAS = member_row(76, email="", nir=with_key("1850397416001"), postcode="97400", town="SAINT DENIS")
PROVISIONAL = member_row(77, email="", nir=with_key("7850375005001"))
PSEUDO_MONTH = member_row(78, email="", nir=with_key("1853375006001"), birth_date="1985-00-00")
KINDS = {
    "usual": LETTER_MEMBER,
    "Corsica": CORSICAN,
    "overseas": OVERSEAS,
    "provisional": PROVISIONAL,
    "pseudo-month": PSEUDO_MONTH,
    "lunar": LUNAR,
    "abroad": ABROAD,
}


@pytest.fixture(scope="module")
def imported(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Members that an operator has imported a minute ago."""
    file: Path = tmp_path_factory.mktemp("import") / "members.csv"
    file.write_bytes(members_csv(EMAIL_MEMBER, *KINDS.values()))
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "ops", "import", "--local", "--state-dir", str(stack.runner.state), str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def post(stack: Stack, path: str, cookies: str = "", **body: str) -> Answer:
    """Post JSON from an address of its own."""
    headers = {"Cookie": cookies} if cookies else {}
    return call("POST", stack.api_url + path, json=body, headers=headers, source=f"127.0.2.{next(_sources) % 250}")


def messages(stack: Stack) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = call("GET", f"{stack.inbox_url}/messages.json").json()
    return found


def arrived(stack: Stack, kind: str, before: int) -> dict[str, Any]:
    """The message that comes after those that were there before; a queue takes some seconds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = messages(stack)[kind]
        if len(found) > before:
            return found[before]
        time.sleep(0.5)
    raise AssertionError(f"none of the {kind} arrived within a minute")


def signs_in(stack: Stack, identifier: str, pin: str) -> int:
    return post(stack, "/login", identifier=identifier, pin=pin).status


def reset(stack: Stack, identifier: str, kind: Literal["emails", "letters"]) -> None:
    """Reset a PIN from end to end."""
    before = {name: len(found) for name, found in messages(stack).items()}
    asked = post(stack, "/reset", identifier=identifier)
    assert (asked.status, asked.json()["channel"]) == (202, kind.removesuffix("s"))
    code = code_in(arrived(stack, kind, before[kind])["text"], kind)
    # A letter is opened days later, in any browser.
    handle = asked.cookies()[0].split(";")[0] if kind == "emails" else ""
    if handle:
        for _ in range(6):
            elsewhere = post(stack, "/reset/verify", identifier=identifier, code=code)
            assert (elsewhere.status, "navigateur" in elsewhere.json()["detail"]) == (401, True)
    verified = post(stack, "/reset/verify", handle, identifier=identifier, code=code)
    assert verified.status == 200, verified.body
    token = verified.json()["reset_token"]
    assert post(stack, "/reset/pin", reset_token=token, pin=NEW_PIN, pin_confirmation=NEW_PIN).status == 204
    assert signs_in(stack, identifier, NEW_PIN) == 200
    assert post(stack, "/reset/verify", handle, identifier=identifier, code=code).json()["code"] == "invalid-code"


def test_a_sample_member_resets_the_pin_by_email_and_is_notified(stack: Stack) -> None:
    # Another than the one that signs in elsewhere: a new PIN stays.
    sample = sample_pins()[2]
    member, old_pin = sample.identifier, sample.pin.reveal()
    before = len(messages(stack)["emails"])
    signed_in = post(stack, "/login", identifier=member, pin=old_pin)
    assert signed_in.status == 200
    cookies = "; ".join(line.split(";")[0] for line in signed_in.cookies())
    assert "nouveau navigateur" in arrived(stack, "emails", before)["text"]
    reset(stack, member, "emails")

    assert signs_in(stack, member, old_pin) == 401
    ended = call("POST", f"{stack.api_url}/login/refresh", headers={"Cookie": cookies}, source="127.0.2.9")
    assert ended.json()["code"] == "session-expired"
    notice = arrived(stack, "emails", before + 2)
    assert NEW_PIN not in notice["text"] + notice["html"]
    assert "mot de passe" in notice["subject"].lower()


def test_a_member_imported_a_minute_ago_resets_the_pin_by_email(stack: Stack, imported: None) -> None:
    reset(stack, EMAIL_MEMBER["identifier"], "emails")


def test_a_member_without_an_email_address_resets_the_pin_by_letter(stack: Stack, imported: None) -> None:
    before = len(messages(stack)["letters"])
    reset(stack, LETTER_MEMBER["identifier"], "letters")
    letter = messages(stack)["letters"][before]
    assert letter["address"][0].upper() == "CAMILLE EXEMPLE"
    assert letter["address"][-1] == "75011 PARIS"
    assert LETTER_MEMBER["identifier"] not in letter["text"]
    pdf = call("GET", letter["pdf_url"])
    assert pdf.body.startswith(b"%PDF")


@pytest.mark.parametrize("row", KINDS.values(), ids=KINDS.keys())
def test_the_end_of_the_iban_shows_the_identifier(stack: Stack, imported: None, row: dict[str, str]) -> None:
    found = post(stack, "/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"])
    assert found.json()["delivery"] == "screen", found.body
    last_six = row["iban"].replace(" ", "")[-6:]
    shown = post(stack, "/identifier/iban", challenge=found.json()["challenge"], iban_last6=last_six)
    assert (shown.status, shown.json()) == (200, {"identifier": row["identifier"]})


def test_the_identifier_comes_by_email_where_an_address_is_known(stack: Stack, imported: None) -> None:
    row, before = EMAIL_MEMBER, len(messages(stack)["emails"])
    found = post(stack, "/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"])
    assert found.json() == {"delivery": "email", "masked_email": "i****@e****.fr"}
    reminder = arrived(stack, "emails", before)
    assert row["identifier"] in reminder["text"]
    assert reminder["to"] == row["email"]


SAMPLES = list(csv.DictReader((ROOT / "local" / "members.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", SAMPLES, ids=lambda row: row["identifier"])
def test_every_sample_member_is_found_by_the_branch_that_is_theirs(stack: Stack, row: dict[str, str]) -> None:
    found = post(stack, "/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"]).json()
    if row["email"]:
        assert found["delivery"] == "email"
        return
    last_six = row["iban"].replace(" ", "")[-6:]
    shown = post(stack, "/identifier/iban", challenge=found["challenge"], iban_last6=last_six)
    assert shown.json() == {"identifier": row["identifier"]}


@pytest.mark.parametrize(
    "typed",
    [
        lambda nir: nir[:13],
        lambda nir: f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:13]} {nir[13:]}",
        lambda nir: f"{nir[0]}.{nir[1:3]}.{nir[3:5]}.{nir[5:7]}.{nir[7:10]}.{nir[10:13]}",
        lambda nir: f"{nir[:13]}-{nir[13:]}",
        lambda nir: f"{nir[:7]}\u00a0{nir[7:13]}\u202f{nir[13:]}",
        str.lower,
    ],
    ids=["13 characters", "blanks", "dots", "hyphens", "no-break spaces", "lower case"],
)
def test_the_number_is_taken_as_people_type_it(stack: Stack, imported: None, typed: Callable[[str], str]) -> None:
    row = CORSICAN
    # So that the searches of this test do not count together.
    forget_searches(stack)
    found = post(stack, "/identifier", nir=typed(row["nir"]), birth_date=row["birth_date"], postcode=row["postcode"])
    last_six = row["iban"].replace(" ", "")[-6:]
    shown = post(stack, "/identifier/iban", challenge=found.json()["challenge"], iban_last6=last_six)
    assert shown.json() == {"identifier": row["identifier"]}


def test_a_wrong_key_is_refused_and_costs_no_attempt(stack: Stack, imported: None) -> None:
    row = LETTER_MEMBER
    forget_searches(stack)
    wrong = f"{row['nir'][:13]}{(int(row['nir'][13:]) + 1) % 98:02}"
    for _ in range(5):
        refused = post(stack, "/identifier", nir=wrong, birth_date=row["birth_date"], postcode=row["postcode"])
        assert refused.status == 422
        assert refused.json()["errors"][0]["pointer"] == "/nir"
    found = post(stack, "/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"])
    assert found.status == 200


def test_unknown_data_get_a_challenge_that_no_iban_solves(stack: Stack) -> None:
    row = member_row(79)
    found = post(stack, "/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"])
    assert found.json()["delivery"] == "screen"
    body = {"challenge": found.json()["challenge"], "iban_last6": french_iban("79")[-6:]}
    assert post(stack, "/identifier/iban", **body).json()["code"] == "not-recognised"
