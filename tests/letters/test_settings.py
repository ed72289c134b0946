"""The settings of the letters are read once and refused by name."""

from __future__ import annotations

import pytest

from letters.settings import LettersSettings, LetterStatusSettings, LetterSweepSettings, ProviderSettings
from member_access.errors import SettingsError
from simulators.template import LogicalNames, project_template

ADDRESSES = ["MAILEVA_API_URL", "MAILEVA_TOKEN_URL", "PINGEN_API_URL", "PINGEN_TOKEN_URL"]
FUNCTIONS: dict[str, type[ProviderSettings]] = {
    "LettersFunction": LettersSettings,
    "LetterStatusFunction": LetterStatusSettings,
    "LetterSweepFunction": LetterSweepSettings,
}


def environment(function: str, **changed: str) -> dict[str, str]:
    parameters = {"Environment": "local", "PublicOrigin": "https://members.example"}
    return {**project_template().function_environment(function, LogicalNames(), parameters), **changed}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_template_gives_every_function_its_settings(function: str) -> None:
    assert FUNCTIONS[function].from_environment(environment(function)).providers.chosen == "maileva"


@pytest.mark.parametrize(("given", "in_colour"), [("true", True), ("false", False)])
def test_both_providers_print_in_colour_or_in_grey(given: str, in_colour: bool) -> None:
    read = LettersSettings.from_environment(environment("LettersFunction", LETTER_IN_COLOUR=given)).providers

    assert (read.maileva.in_colour, read.pingen.in_colour) == (in_colour, in_colour)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", ADDRESSES)
def test_no_credentials_go_to_an_address_in_clear(function: str, name: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        FUNCTIONS[function].from_environment(environment(function, **{name: "http://thieves.example"}))
    assert "thieves" not in str(refused.value)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_provider_on_this_machine_may_be_without_tls(name: str) -> None:
    LettersSettings.from_environment(environment("LettersFunction", **{name: "http://127.0.0.1:9000/token"}))
