"""Settings are read once and refused by name."""

from __future__ import annotations

import pytest

from login.settings import LoginSettings
from member_access.errors import SettingsError
from member_access.pins.pin_hash import Argon2Cost
from simulators.template import LogicalNames, project_template

ENVIRONMENT = project_template().function_environment(
    "LoginFunction", LogicalNames(), {"Environment": "local", "PublicOrigin": "https://members.example/"}
)


def test_the_template_gives_the_function_every_setting() -> None:
    settings = LoginSettings.from_environment(ENVIRONMENT)
    assert settings.issuer == "https://members.example/v1"
    assert settings.attempt_policy.free_attempts == 3
    assert settings.session_policy.longest == 43_200
    assert settings.argon2_cost.memory_kib == 19_456
    assert settings.allowed_origins == ()


def test_origins_are_separated_by_commas() -> None:
    settings = LoginSettings.from_environment(
        {**ENVIRONMENT, "ALLOWED_ORIGINS": "https://a.example, https://b.example"}
    )
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("services", "audience"),
    [
        ("", "https://members.example"),
        ("https://members.example", "https://members.example"),
        ("urn:a:refunds", ["https://members.example", "urn:a:refunds"]),
        ("urn:a:b , urn:a:c, urn:a:b", ["https://members.example", "urn:a:b", "urn:a:c"]),
    ],
)
def test_registered_services_are_audiences_after_the_origin(services: str, audience: object) -> None:
    settings = LoginSettings.from_environment({**ENVIRONMENT, "SERVICE_AUDIENCES": services})
    assert settings.token_profile.audience == audience


def test_older_costs_are_separated_by_spaces() -> None:
    older = LoginSettings.from_environment({**ENVIRONMENT, "OLDER_ARGON2_COSTS": "m=19456,t=2,p=1 m=8,t=1,p=1"})
    assert older.older_argon2_costs == (Argon2Cost(19_456, 2, 1), Argon2Cost(8, 1, 1))
    assert LoginSettings.from_environment(ENVIRONMENT).older_argon2_costs == ()


@pytest.mark.parametrize("name", ["MEMBERS_TABLE", "PIN_KEY_ARN", "PIN_FREE_ATTEMPTS"])
def test_a_missing_setting_is_named(name: str) -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(SettingsError, match=name):
        LoginSettings.from_environment(environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIN_FREE_ATTEMPTS", "0"),
        ("SESSION_IDLE_SECONDS", "soon-zq9"),
        ("IDENTIFIER_PATTERN", "[zq9"),
        ("OLDER_ARGON2_COSTS", "m=zq9"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        LoginSettings.from_environment({**ENVIRONMENT, name: value})
    assert "zq9" not in str(refused.value)


@pytest.mark.parametrize(
    "origins", ["*", "https://a.example,http://b.example", "https://a.example/", "null", "a.example"]
)
def test_an_origin_that_is_no_exact_https_origin_is_refused(origins: str) -> None:
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        LoginSettings.from_environment({**ENVIRONMENT, "ALLOWED_ORIGINS": origins})


@pytest.mark.parametrize("origin", ["http://members.example", "https://members.example/app", "*"])
def test_members_reach_the_portal_over_tls_alone(origin: str) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_ORIGIN"):
        LoginSettings.from_environment({**ENVIRONMENT, "PUBLIC_ORIGIN": origin})


def test_a_laptop_does_without_tls() -> None:
    origin = "http://127.0.0.1:8080"
    settings = LoginSettings.from_environment({**ENVIRONMENT, "PUBLIC_ORIGIN": origin, "ALLOWED_ORIGINS": origin})
    assert settings.allowed_origins == (settings.public_origin,) == (origin,)


@pytest.mark.parametrize("pattern", ["", ".*", "^[0-9A-Z-]+$", "-|[A-Z]+", "[^a]", "^[0-9A-Z]*$", "(", "[A-Z"])
def test_no_identifier_can_be_that_of_unknown_members(pattern: str) -> None:
    with pytest.raises(SettingsError, match="IDENTIFIER_PATTERN"):
        LoginSettings.from_environment({**ENVIRONMENT, "IDENTIFIER_PATTERN": pattern})


def test_an_identifier_may_contain_a_hyphen() -> None:
    settings = LoginSettings.from_environment({**ENVIRONMENT, "IDENTIFIER_PATTERN": r"^MUT-\d+$"})
    assert settings.identifier_pattern == r"^MUT-\d+$"


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        LoginSettings.from_environment({})
    assert str(refused.value).count(";") > 10
