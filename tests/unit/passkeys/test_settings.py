"""The domain that passkeys belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.errors import SettingsError
from passkeys.settings import PasskeySettings
from simulators.template import LogicalNames, project_template

if TYPE_CHECKING:
    from collections.abc import Mapping


def settings(origin: str, domain: str) -> PasskeySettings:
    parameters: Mapping[str, str] = {"Environment": "local", "PublicOrigin": origin, "PasskeyDomain": domain}
    return PasskeySettings.from_environment(
        project_template().function_environment("PasskeysFunction", LogicalNames(), parameters)
    )


@pytest.mark.parametrize(
    ("origin", "domain", "used"),
    [
        ("https://adherents.mutuelle.fr", "", "adherents.mutuelle.fr"),
        ("https://adherents.mutuelle.fr", "mutuelle.fr", "mutuelle.fr"),
        ("http://localhost:8080", "", "localhost"),
    ],
)
def test_passkeys_belong_to_the_host_or_a_domain_above_it(origin: str, domain: str, used: str) -> None:
    party = settings(origin, domain).relying_party

    assert party.domain == used
    assert party.origins == (origin,)


@pytest.mark.parametrize("domain", ["example.org", "tuelle.fr", "www.adherents.mutuelle.fr"])
def test_passkeys_of_another_domain_keep_the_function_from_starting(domain: str) -> None:
    with pytest.raises(SettingsError, match="PASSKEY_DOMAIN"):
        settings("https://adherents.mutuelle.fr", domain)
