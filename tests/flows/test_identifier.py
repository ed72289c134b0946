"""The identifier found again, by e-mail or on screen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from identifier.find_identifier import masked
from member_access.values.email_address import EmailAddress
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.members import french_iban, import_members, member_row, with_key
from tests.support.plain_hashes import plain_hashes_in
from tests.support.table import items, stored_text

if TYPE_CHECKING:
    from simulators.aws_calls import Footprint
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

DAY = 86_400
BY_EMAIL = member_row(1, email="someone@courriel.example.fr")
BY_SCREEN = member_row(2, email="")
UNKNOWN = member_row(3)


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """Functions, and two members as an import leaves them: with an e-mail address and without."""
    import_members(cloud, BY_EMAIL, BY_SCREEN)
    return FrontDoor(cloud)


@pytest.fixture
def browser(door: FrontDoor) -> Browser:
    """A browser that no one has signed in with."""
    return Browser(door)


def find(browser: Browser, row: dict[str, str], **different: str) -> Reply:
    body = {"nir": row["nir"], "birth_date": row["birth_date"], "postcode": row["postcode"], **different}
    return browser.post("/identifier", body)


def solve(browser: Browser, challenge: str, iban: str) -> Reply:
    return browser.post("/identifier/iban", {"challenge": challenge, "iban_last6": iban.replace(" ", "")[-6:]})


def challenge_for(browser: Browser, row: dict[str, str]) -> str:
    challenge: str = find(browser, row).body["challenge"]
    return challenge


def test_a_known_address_gets_the_identifier_and_is_shown_masked(browser: Browser) -> None:
    reply = find(browser, BY_EMAIL)
    assert (reply.status, reply.body) == (200, {"delivery": "email", "masked_email": "s****@c****.fr"})
    request_id = json.loads(browser.door.cloud.messages("EmailsQueue")[-1])["request_id"]
    (item,) = [item for item in items(browser.door.cloud) if item["pk"]["S"] == f"EMAIL#{request_id}"]
    assert (item["kind"]["S"], item["identifier"]["S"]) == ("identifier-reminder", BY_EMAIL["identifier"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("a@b.fr", "a****@b****.fr"),
        ("someone@courriel.example.fr", "s****@c****.fr"),
        ("x.y@xn--e1afmkfd.example.org", "x****@x****.org"),
        ("j@x.fr", "j****@x****.fr"),
        ("o'brien@a.example.co.uk", "o****@a****.uk"),
        ("x@xn--caf-dma.fr", "x****@x****.fr"),
        ("&a@b.co.uk", "*****@b****.uk"),
        ("'or'1@b.fr", "*****@b****.fr"),
        ("_a@b.fr", "*****@b****.fr"),
    ],
)
def test_a_masked_address_shows_first_letters_and_last_label_only(address: str, shown: str) -> None:
    assert masked(EmailAddress.parse(address)) == shown


def test_without_an_address_the_end_of_the_iban_shows_the_identifier(browser: Browser) -> None:
    reply = find(browser, BY_SCREEN)
    assert reply.body.keys() == {"delivery", "challenge", "expires_in"}
    assert (reply.body["delivery"], reply.body["expires_in"]) == ("screen", 600)
    solved = solve(browser, reply.body["challenge"], BY_SCREEN["iban"])
    assert (solved.status, solved.body) == (200, {"identifier": BY_SCREEN["identifier"]})


@pytest.mark.parametrize(
    "row",
    [
        member_row(4, email="", nir=with_key("285032A004001"), postcode="20000", town="AJACCIO"),
        member_row(5, email="", nir=with_key("1850397416001"), postcode="97400", town="SAINT DENIS"),
        member_row(6, email="", nir=with_key("7850375005001")),
        member_row(7, email="", nir=with_key("1853375006001"), birth_date="1985-00-00"),
        member_row(8, email="", nir=with_key("2856399300001"), birth_date="1985-13-31"),
        member_row(9, email="", postcode="SW1A 1AA", town="LONDON", country="GB", iban="GB82 WEST 1234 5698 7654 32"),
    ],
    ids=["Corsica", "overseas", "provisional", "pseudo-month", "lunar", "abroad"],
)
def test_members_of_every_kind_are_found(cloud: Cloud, row: dict[str, str]) -> None:
    import_members(cloud, row)
    browser = Browser(FrontDoor(cloud))
    assert solve(browser, challenge_for(browser, row), row["iban"]).body == {"identifier": row["identifier"]}


@pytest.mark.parametrize(
    "typed",
    [
        lambda nir: nir,
        lambda nir: nir[:13],
        lambda nir: f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:13]} {nir[13:]}",
        lambda nir: nir.replace("", ".").strip("."),
        lambda nir: f"{nir[:13]}-{nir[13:]}",
        lambda nir: f"{nir[:7]}\u00a0{nir[7:13]}\u202f{nir[13:]}",
    ],
)
def test_the_number_is_taken_in_every_form_that_people_type(browser: Browser, typed: Any) -> None:  # noqa: ANN401 - a function of text
    assert find(browser, BY_EMAIL, nir=typed(BY_EMAIL["nir"])).body["delivery"] == "email"


def test_a_corsican_number_is_taken_in_lower_case(cloud: Cloud) -> None:
    row = member_row(4, nir=with_key("285032A004001"))
    import_members(cloud, row)
    assert find(Browser(FrontDoor(cloud)), row, nir=row["nir"].lower()).body["delivery"] == "email"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("nir", "185037500000100", "La clé ne correspond pas"),
        ("nir", "12345", "Le numéro de sécurité sociale comporte"),
        ("nir", "٢850375000001", "Le numéro de sécurité sociale comporte"),
        ("birth_date", "14/03/1985", "Donnez l’année"),
        ("birth_date", "2050-01-01", "Donnez l’année"),
        ("postcode", "x" * 30, "Le code postal comporte"),
    ],
)
def test_a_wrong_field_is_named_and_costs_no_attempt(browser: Browser, field: str, value: str, sentence: str) -> None:
    for _ in range(5):
        reply = find(browser, BY_EMAIL, **{field: value})
        assert (reply.status, reply.body["errors"][0]["pointer"]) == (422, f"/{field}")
        assert reply.body["errors"][0]["detail"].startswith(sentence)
    assert find(browser, BY_EMAIL).status == 200


def test_the_fourth_search_by_one_number_waits_whether_it_matches_or_not(browser: Browser) -> None:
    for row in (BY_EMAIL, BY_SCREEN, UNKNOWN):
        assert [find(browser, row).status for _ in range(3)] == [200, 200, 200]
        fourth = find(browser, row)
        assert (fourth.status, fourth.body["retry_after"]) == (429, 60)


def test_searches_count_by_number_with_any_date_and_postcode(browser: Browser) -> None:
    for day in ("01", "02", "03"):
        find(browser, BY_EMAIL, birth_date=f"1985-03-{day}")
    assert find(browser, BY_EMAIL).status == 429


def test_a_solved_iban_resets_the_count_of_searches(browser: Browser) -> None:
    for _ in range(2):
        find(browser, BY_SCREEN)
    solve(browser, challenge_for(browser, BY_SCREEN), BY_SCREEN["iban"])
    assert [find(browser, BY_SCREEN).status for _ in range(3)] == [200, 200, 200]


def test_a_wrong_iban_is_not_recognised_and_the_challenge_outlives_it(browser: Browser) -> None:
    challenge = challenge_for(browser, BY_SCREEN)
    wrong = solve(browser, challenge, "000000")
    assert (wrong.status, wrong.code) == (401, "not-recognised")
    assert solve(browser, challenge, BY_SCREEN["iban"]).status == 200


def test_a_challenge_is_solved_once_and_for_ten_minutes(browser: Browser) -> None:
    challenge = challenge_for(browser, BY_SCREEN)
    assert solve(browser, challenge, BY_SCREEN["iban"]).status == 200
    assert solve(browser, challenge, BY_SCREEN["iban"]).code == "not-recognised"
    late = challenge_for(browser, BY_SCREEN)
    browser.door.clock.advance(600)
    assert solve(browser, late, BY_SCREEN["iban"]).code == "not-recognised"


def test_three_wrong_ibans_a_day_and_ten_in_all(browser: Browser) -> None:
    for day, tries in enumerate((3, 3, 3, 1)):
        for _ in range(tries):
            assert solve(browser, challenge_for(browser, BY_SCREEN), "000000").status == 401, day
            browser.door.clock.advance(3600)
        challenge = challenge_for(browser, BY_SCREEN)
        refused = solve(browser, challenge, BY_SCREEN["iban"])
        assert refused.code == ("too-many-attempts" if tries == 3 else "not-recognised")
        browser.door.clock.advance(DAY)
    browser.door.clock.advance(300 * DAY)
    assert solve(browser, challenge_for(browser, BY_SCREEN), BY_SCREEN["iban"]).code == "not-recognised"


@pytest.mark.parametrize("data", [BY_SCREEN, UNKNOWN], ids=["member", "unknown"])
def test_a_wrong_iban_says_how_many_tries_the_day_has_left(browser: Browser, data: dict[str, str]) -> None:
    challenge = challenge_for(browser, data)

    assert [solve(browser, challenge, "000000").body.get("tries_left") for _ in range(4)] == [2, 1, 0, None]


def test_no_iban_solves_a_challenge_for_unknown_data(browser: Browser) -> None:
    challenge = challenge_for(browser, UNKNOWN)
    assert solve(browser, challenge, UNKNOWN["iban"]).code == "not-recognised"
    assert solve(browser, challenge_for(browser, UNKNOWN), BY_SCREEN["iban"]).code == "not-recognised"


def test_a_member_without_an_iban_cannot_be_recognised(cloud: Cloud) -> None:
    row = member_row(10, email="", iban="")
    import_members(cloud, row)
    browser = Browser(FrontDoor(cloud))
    assert solve(browser, challenge_for(browser, row), french_iban("10")).code == "not-recognised"


@pytest.mark.parametrize("challenge", ["0" * 64, "f" * 64, "", " ", "x", "0" * 63, "F" * 64, "é", "x" * 7000])
def test_an_invented_challenge_is_not_recognised(browser: Browser, challenge: str) -> None:
    reply = solve(browser, challenge, BY_SCREEN["iban"])
    assert (reply.status, reply.code) == (401, "not-recognised")


def one_call(cloud: Cloud, clock: Clock, path: str, body: dict[str, str]) -> tuple[Reply, Footprint, int]:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock, executor=calls.executor)
        started, hops = calls.footprint(), calls.hops()
        reply = Browser(door).post(path, body)
        return reply, calls.footprint() - started, calls.hops() - hops


def test_matching_and_other_data_take_the_same_calls_and_screen(cloud: Cloud) -> None:
    import_members(cloud, BY_EMAIL, BY_SCREEN)
    clock = Clock()
    for wait in (0, 0, 0, 0, 60, 3600):
        clock.advance(wait)
        answers = [
            one_call(cloud, clock, "/identifier", {name: row[name] for name in ("nir", "birth_date", "postcode")})
            for row in (BY_EMAIL, BY_SCREEN, UNKNOWN)
        ]
        assert answers[0][1:] == answers[1][1:] == answers[2][1:]
        matching, other = answers[1][0], answers[2][0]
        assert (matching.status, matching.headers) == (other.status, other.headers)
        assert len(matching.text) == len(other.text)
        if matching.status == 200:
            assert {**matching.body, "challenge": ""} == {**other.body, "challenge": ""}


def test_a_wrong_iban_takes_the_same_calls_for_known_and_unknown(cloud: Cloud) -> None:
    import_members(cloud, BY_SCREEN)
    clock = Clock()
    browser = Browser(FrontDoor(cloud, clock=clock))
    challenges = [challenge_for(browser, BY_SCREEN), challenge_for(browser, UNKNOWN)]
    for _ in range(5):
        answers = [
            one_call(cloud, clock, "/identifier/iban", {"challenge": one, "iban_last6": "000000"}) for one in challenges
        ]
        assert answers[0] == answers[1]


def test_no_number_birth_date_or_iban_stands_in_table_queue_log_or_metric(
    cloud: Cloud, capfd: pytest.CaptureFixture[str]
) -> None:
    import_members(cloud, BY_EMAIL, BY_SCREEN)
    door = FrontDoor(cloud)
    browser = Browser(door)
    challenges = [challenge_for(browser, row) for row in (BY_SCREEN, UNKNOWN)]
    find(browser, BY_EMAIL)
    for challenge in challenges:
        solve(browser, challenge, "ZQ9999")
        solve(browser, challenge, BY_SCREEN["iban"])
    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    stored = stored_text(cloud)
    stored += repr(cloud.queues.sent)
    rows = (BY_EMAIL, BY_SCREEN, UNKNOWN)
    secrets = {row["nir"][:13] for row in rows} | {row["birth_date"] for row in rows}
    secrets |= {row["iban"].replace(" ", "")[-6:] for row in rows} | {"ZQ9999", *challenges}
    assert "identity.looked-up" in written
    assert [secret for secret in secrets if secret in written + stored] == []
    assert [plain_hashes_in(written + stored, row) for row in rows] == [set()] * len(rows)
    assert BY_EMAIL["email"] not in written
