"""The sample PINs belong to sample members, and are as strong as the rules ask of all members."""

from __future__ import annotations

import csv
from pathlib import Path

from local.samples import sample_pins
from member_access.pins.blocklist import PinBlocklist
from member_access.pins.own_data import own_data
from member_access.values.birth_date import BirthDate
from member_access.values.iban import Iban
from member_access.values.nir import Nir

MEMBERS = Path(__file__).parents[2] / "local" / "members.csv"


def members() -> dict[str, dict[str, str]]:
    with MEMBERS.open(encoding="utf-8", newline="") as file:
        return {row["identifier"]: row for row in csv.DictReader(file)}


def test_every_sample_pin_belongs_to_a_sample_member() -> None:
    assert {sample.identifier for sample in sample_pins()} <= members().keys()


def test_the_sample_pins_are_strong() -> None:
    weak_pins = PinBlocklist.load()
    postcodes = {identifier: row["postcode"] for identifier, row in members().items()}

    for sample in sample_pins():
        assert weak_pins.weakness(sample.pin, sample.identifier, postcodes[sample.identifier]) is None


def test_no_sample_pin_is_among_its_members_own_data() -> None:
    rows = members()

    for sample in sample_pins():
        row = rows[sample.identifier]
        iban = Iban.parse(row["iban"]) if row["iban"] else None
        given = own_data(BirthDate(row["birth_date"]), Nir.parse(row["nir"]), iban)
        assert sample.pin.reveal() not in set().union(*given.values())


def test_samples_cover_pin_and_email_in_every_combination() -> None:
    with_pin = {sample.identifier for sample in sample_pins()}

    kinds = {(identifier in with_pin, bool(row["email"])) for identifier, row in members().items()}

    assert kinds == {(True, True), (True, False), (False, True), (False, False)}
