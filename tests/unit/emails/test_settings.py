"""The settings of the e-mails are read once and refused by name."""

from __future__ import annotations

import pytest

from emails.settings import BounceSettings, EmailSettings
from member_access.errors import SettingsError
from simulators.samples.insurer import INSURER
from simulators.template import LogicalNames, project_template


def environment(function: str) -> dict[str, str]:
    return project_template().function_environment(
        function, LogicalNames(), {"Environment": "local", "PublicOrigin": "https://members.example"}
    )


def test_the_template_gives_both_functions_every_setting() -> None:
    settings = EmailSettings.from_environment(environment("EmailsFunction"))

    assert settings.insurer == INSURER
    assert settings.sender_address.reveal() == "ne-pas-repondre@mutuelle.example"
    assert BounceSettings.from_environment(environment("BouncesFunction")).reset_policy == settings.reset_policy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INSURER_NAME", "Mutuelle\r\nBcc: thief@thieves.example"),
        ("INSURER_NAME", " "),
        ("INSURER_ADDRESS", "12 rue de l’Exemple||99999 EXEMPLEVILLE"),
        ("INSURER_HELPLINE", ""),
        ("SENDER_ADDRESS", "thieves.example"),
        ("REPLY_TO_ADDRESS", "thieves.example"),
        ("BRAND_ACCENT", "thief"),
        ("BRAND_ACCENT", "#ffd500"),
        ("LETTERS_A_MONTH", "0"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        EmailSettings.from_environment({**environment("EmailsFunction"), name: value})

    assert "thie" not in str(refused.value)


@pytest.mark.parametrize(("given", "read"), [("", None), ("adherents@mutuelle.example", "adherents@mutuelle.example")])
def test_replies_go_to_a_mailbox_if_there_is_one(given: str, read: str | None) -> None:
    settings = EmailSettings.from_environment({**environment("EmailsFunction"), "REPLY_TO_ADDRESS": given})

    assert (settings.reply_to_address.reveal() if settings.reply_to_address else None) == read
