"""What is wrong is refused before anything is built, in a sentence that says what to do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT
from tests.support.brands import example_brand, own_brand
from tests.support.deployment import OWN, TEMPLATES, commit
from tools.deployment.checks import (
    check_brand,
    check_committed,
    check_examples,
    check_origin,
    check_python,
    check_reserved_concurrency,
    check_topics,
    check_unknown_identifier,
    differing_accent,
)
from tools.deployment.environments import read_environment
from tools.deployment.parameters import merged
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "file.txt").write_text("one")
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    commit(tmp_path, "init")
    return tmp_path


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("http://members.example", "http://members.example"),
        ("https://members.example:8443", "https://members.example:8443"),
        ("https://members.example/", "https://members.example/"),
        ("https://Members.example", "https://Members.example"),
        ("https://localhost", "https://localhost"),
        ("members.example", "members.example"),
        ("", "nothing"),
    ],
)
def test_an_origin_that_is_not_https_and_a_host_is_refused(origin: str, said: str) -> None:
    with pytest.raises(DeployRefused, match="PublicOrigin must be https://") as refused:
        check_origin("production", origin)

    assert str(refused.value).endswith(f"For production, samconfig.toml says {said}.")


def test_an_own_host_is_taken() -> None:
    check_origin("production", "https://members.mutuelle.fr")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("InsurerName", "Mutuelle de l’Exemple"),
        ("InsurerAddress", "1 rue|99999 VILLE"),
        ("InsurerHelpline", "01 99 00 12 34"),
        ("SenderDomain", "mutuelle.example"),
        ("PublicOrigin", "https://adherents.example"),
        ("CertificateArn", "arn:aws:acm:us-east-1:444455556666:certificate/1"),
        ("CertificateArn", "arn:aws:acm:us-east-1:210987654321:certificate/00000000-0000-0000-0000-000000000002"),
    ],
)
def test_an_example_is_refused_in_production_by_name(name: str, value: str) -> None:
    parameters = merged(TEMPLATES.both, {**OWN, name: value})

    with pytest.raises(DeployRefused, match=f"are examples; set your own in samconfig.toml: {name}\\.$"):
        check_examples(parameters)


def test_every_example_of_samconfig_is_refused_at_once() -> None:
    parameters = merged(TEMPLATES.both, read_environment(ROOT, "production").overrides)

    with pytest.raises(DeployRefused) as refused:
        check_examples(parameters)

    examples = str(refused.value).partition(": ")[2].rstrip(".").split(", ")
    assert examples == [
        "AlarmTopicArn",
        "CertificateArn",
        "EdgeAlarmTopicArn",
        "ImportRoleArns",
        "InsurerAddress",
        "InsurerHelpline",
        "InsurerName",
        "InsurerSite",
        "PublicOrigin",
        "SenderDomain",
    ]


def test_own_values_are_taken_in_production() -> None:
    check_examples(merged(TEMPLATES.both, OWN))


def test_examples_are_taken_in_staging() -> None:
    check_examples(merged(TEMPLATES.both, read_environment(ROOT, "staging").overrides))


def test_the_example_brand_is_refused_in_production_alone() -> None:
    check_brand(ROOT, None, "staging")

    with pytest.raises(DeployRefused, match=r"(?s)The portal's brand is an example.*logo\.svg is the example's"):
        check_brand(ROOT, None, "production")


def test_a_text_left_from_the_example_is_refused_in_production(tmp_path: Path) -> None:
    brand = own_brand(tmp_path / "brand")
    check_brand(ROOT, brand, "production")
    (brand / "notice.json").write_text('{"level": "warning", "fr": "[À REMPLACER]", "en": "…"}', "utf-8")

    with pytest.raises(DeployRefused, match=r"replace:\n  notice\.json still has \[À REMPLACER$"):
        check_brand(ROOT, brand, "production")


def test_a_brand_that_cannot_be_read_is_refused_everywhere(tmp_path: Path) -> None:
    brand = example_brand(tmp_path / "brand")
    styles = brand / "brand.css"
    styles.write_text(styles.read_text("utf-8").replace("#0b5563", "#99cccc"), "utf-8")

    with pytest.raises(DeployRefused, match=r"--on-accent \(#ffffff\) on --accent \(#99cccc\) has a contrast of 1\."):
        check_brand(ROOT, brand, "staging")


@pytest.mark.parametrize("accent", ["#0b5563", "#0B5563"])
def test_an_accent_of_e_mails_that_is_the_portals_needs_no_word(accent: str) -> None:
    assert list(differing_accent(ROOT / "portal/brand", accent)) == []


def test_an_accent_of_e_mails_that_differs_from_the_portals_is_said(tmp_path: Path) -> None:
    (said,) = differing_accent(ROOT / "docs/brands/lierre", "#0b5563")

    assert said.startswith("Warning: BrandAccent is #0b5563, but --accent of ")
    assert said.endswith("lierre/brand.css is #1f5c2e by day. E-mails and letters differ.")
    # An API without a portal may have a brand with a logo alone.
    assert list(differing_accent(tmp_path, "#0b5563")) == []


@pytest.mark.parametrize(("pattern", "identifier"), [("^[0-9A-Z]{6,12}$", "Z99999999999"), ("^[0-9]{8}$", "99999999")])
def test_an_identifier_of_no_member_that_the_functions_take_is_taken(pattern: str, identifier: str) -> None:
    given = {**OWN, "IdentifierPattern": pattern, "UnknownIdentifier": identifier}

    check_unknown_identifier(merged(TEMPLATES.both, given))


@pytest.mark.parametrize(("reserved", "at_once"), [("0", "50"), ("7", "5"), ("1000", "2")])
def test_a_reserve_that_the_queues_of_emails_do_not_exceed_is_taken(reserved: str, at_once: str) -> None:
    own = {"ReservedConcurrencyForQueues": reserved, "EmailsAtOnce": at_once}

    check_reserved_concurrency(merged(TEMPLATES.both, {**OWN, **own}))


@pytest.mark.parametrize(("reserved", "at_once", "needed"), [("6", "5", "7"), ("1", "2", "4"), ("51", "50", "52")])
def test_a_reserve_below_what_the_queues_of_emails_use_is_refused(reserved: str, at_once: str, needed: str) -> None:
    own = {"ReservedConcurrencyForQueues": reserved, "EmailsAtOnce": at_once}

    with pytest.raises(DeployRefused, match=f"Set it to 0, or to {needed} or more"):
        check_reserved_concurrency(merged(TEMPLATES.both, {**OWN, **own}))


# Each check of a version puts other digits in the place of the nines.
@pytest.mark.parametrize(("pattern", "identifier"), [("^[0-9]{8}$", "Z99999999999"), ("^99[0-9]{6}$", "99999999")])
def test_an_identifier_of_no_member_that_the_functions_reject_is_refused(pattern: str, identifier: str) -> None:
    given = {**OWN, "IdentifierPattern": pattern, "UnknownIdentifier": identifier}

    with pytest.raises(DeployRefused, match="does not match UnknownIdentifier"):
        check_unknown_identifier(merged(TEMPLATES.both, given))


@pytest.mark.parametrize(
    ("own", "missing"),
    [
        ({"AlarmTopicArn": ""}, "AlarmTopicArn"),
        ({"EdgeAlarmTopicArn": ""}, "EdgeAlarmTopicArn"),
        ({"AlarmTopicArn": "", "EdgeAlarmTopicArn": ""}, "AlarmTopicArn and EdgeAlarmTopicArn"),
        ({"AlarmTopicArn": "", "EdgeAlarmTopicArn": "", "HostPortal": "false"}, "AlarmTopicArn"),
    ],
)
def test_production_needs_topics_for_alarms(own: dict[str, str], missing: str) -> None:
    with pytest.raises(DeployRefused, match=f"^Set {missing}: "):
        check_examples(merged(TEMPLATES.both, {**OWN, **own}))


def test_an_api_alone_needs_no_topic_in_us_east_1() -> None:
    check_examples(merged(TEMPLATES.both, {**OWN, "EdgeAlarmTopicArn": "", "HostPortal": "false"}))


@pytest.mark.parametrize("topic", ["", "arn:aws:sns:us-east-1:210987654321:alarms"])
def test_a_topic_in_the_region_of_its_alarms_is_taken(topic: str) -> None:
    check_topics({"EdgeAlarmTopicArn": topic}, {"EdgeAlarmTopicArn": "us-east-1"})


def test_a_topic_in_another_region_than_its_alarms_is_refused() -> None:
    with pytest.raises(
        DeployRefused, match=r"^EdgeAlarmTopicArn must be a topic in us-east-1, .* arn:aws:sns:eu-west-3:"
    ):
        check_topics({"EdgeAlarmTopicArn": OWN["AlarmTopicArn"]}, {"EdgeAlarmTopicArn": "us-east-1"})


def test_a_changed_file_must_be_committed(clone: Path) -> None:
    (clone / "file.txt").write_text("two")

    with pytest.raises(DeployRefused, match=r"uncommitted changes .*Commit them first"):
        check_committed(clone)


def test_a_file_that_git_does_not_know_must_be_moved_not_committed(clone: Path) -> None:
    (clone / "été.txt").write_text("new")

    with pytest.raises(DeployRefused, match=r"Git does not know été\.txt\. Move .* Never commit data of members"):
        check_committed(clone)


@pytest.mark.parametrize("name", ["members.csv", "members.csv.report.csv", "providers.json", "providers-staging.json"])
def test_data_of_members_and_credentials_are_ignored_by_git(clone: Path, name: str) -> None:
    (clone / name).write_text("secret")

    check_committed(clone)


def test_what_is_no_repository_is_not_deployed(tmp_path: Path) -> None:
    with pytest.raises(DeployRefused, match="clone of the git repository"):
        check_committed(tmp_path)


@pytest.mark.parametrize("script", [None, "#!/bin/sh\nexit 127\n"], ids=["absent", "shim"])
def test_the_python_of_the_functions_must_start_here(tmp_path: Path, script: str | None) -> None:
    if script:
        (tmp_path / "python3.14").write_text(script)
        (tmp_path / "python3.14").chmod(0o755)

    with pytest.raises(DeployRefused, match=r"^python3\.14 does not start here\. Install it"):
        check_python("python3.14", {"PATH": str(tmp_path)})


def test_a_python_that_starts_is_taken(tmp_path: Path) -> None:
    (tmp_path / "python3.14").write_text("#!/bin/sh\n")
    (tmp_path / "python3.14").chmod(0o755)

    check_python("python3.14", {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
