"""An environment is read as sam reads it, and all that sam would lose is refused."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.template import ROOT, project_template
from tests.support.deployment import TEMPLATES
from tools.deployment.environments import overrides, read_environment
from tools.deployment.parameters import merged
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from pathlib import Path

SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
ENVIRONMENTS = ("production", "staging")
SETTINGS = '[{0}]\naccount = "123456789012"\n[{0}.deploy.parameters]\nstack_name = "access"\nregion = "eu-west-3"\n'


def test_an_environment_has_its_account_and_stack(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(SETTINGS.format("staging"))

    environment = read_environment(tmp_path, "staging")

    assert (environment.account, environment.stack_name, environment.region) == ("123456789012", "access", "eu-west-3")
    assert (environment.profile, environment.bucket, environment.overrides) == (None, None, {})


def test_an_environment_names_the_folder_of_its_brand(tmp_path: Path) -> None:
    written = SETTINGS.format("staging").replace("[staging]\n", '[staging]\nbrand = "../brand"\n')
    (tmp_path / "samconfig.toml").write_text(written)

    assert read_environment(tmp_path, "staging").brand == tmp_path / "../brand"


def test_no_environment_lists_those_that_there_are() -> None:
    with pytest.raises(
        DeployRefused,
        match=r"Name the environment: make deploy ENV=staging \(samconfig.toml has production, staging\)",
    ):
        read_environment(ROOT, "")


@pytest.mark.parametrize("name", ["prod", "local", "default", "version"])
def test_an_environment_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(DeployRefused, match=f"There is no environment {name}"):
        read_environment(ROOT, name)


def test_an_environment_without_its_account_is_refused(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text('[staging.deploy.parameters]\nstack_name = "a"\nregion = "eu-west-3"\n')

    with pytest.raises(DeployRefused, match=r"samconfig\.toml has no account for staging\."):
        read_environment(tmp_path, "staging")


@pytest.mark.parametrize(
    "written",
    [
        {"InsurerName": "Mutuelle de Paris", "PinFreeAttempts": 3},
        ['InsurerName="Mutuelle de Paris"', "PinFreeAttempts=3"],
        'InsurerName="Mutuelle de Paris" PinFreeAttempts=3',
        'ParameterKey=InsurerName,ParameterValue="Mutuelle de Paris" ParameterKey=PinFreeAttempts,ParameterValue=3',
    ],
    ids=["table", "list", "text", "keys"],
)
def test_each_notation_of_sam_is_read(written: Any) -> None:  # noqa: ANN401 - as TOML has it
    assert overrides(written) == {"InsurerName": "Mutuelle de Paris", "PinFreeAttempts": "3"}


@pytest.mark.parametrize(
    "written", [["InsurerName=Mutuelle de Paris"], "Environment=staging InsurerName=Mutuelle de Paris"]
)
def test_a_value_that_sam_would_cut_at_a_blank_is_refused(written: Any) -> None:  # noqa: ANN401 - as TOML has it
    with pytest.raises(DeployRefused, match=r"sam would leave out 'de Paris' .* Write the parameters as a table"):
        overrides(written)


def test_a_text_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(DeployRefused, match="sam does not take parameter_overrides"):
        overrides(["nonsense"])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_value_of_samconfig_survives_sams_parser(name: str) -> None:
    written = SAMCONFIG[name]["deploy"]["parameters"]["parameter_overrides"]

    assert read_environment(ROOT, name).overrides == written


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_samconfig_sets_what_differs_between_insurers(name: str) -> None:
    needed = {parameter for parameter in project_template().body["Parameters"] if parameter.startswith("Insurer")}
    needed |= {
        "SenderDomain",
        "SenderMailbox",
        "LetterProvider",
        "AlarmTopicArn",
        "EdgeAlarmTopicArn",
        "PublicOrigin",
        "CertificateArn",
    }

    assert needed - read_environment(ROOT, name).overrides.keys() == set()


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_samconfig_sets_only_parameters_that_there_are(name: str) -> None:
    assert merged(TEMPLATES.both, read_environment(ROOT, name).overrides)["Environment"] == name


@pytest.mark.parametrize("what", ["SenderDomain", "PublicOrigin"])
def test_staging_and_production_share_no_name(what: str) -> None:
    assert len({read_environment(ROOT, name).overrides[what] for name in ENVIRONMENTS}) == 2


def test_each_environment_has_an_account_of_its_own() -> None:
    assert len({read_environment(ROOT, name).account for name in ENVIRONMENTS}) == 2


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\"'\\"), max_size=30))
def test_a_table_takes_any_text_without_quotation_marks(text: str) -> None:
    assert overrides({"InsurerName": text}) == {"InsurerName": text}
