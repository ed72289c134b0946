"""CloudFormation refuses the values that the settings would refuse: at the deployment, not at the first request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import pytest
from annotated_types import Ge, Le
from hypothesis import given
from hypothesis import strategies as st

from account.settings import AccountSettings
from bulk_import.settings import LoadSettings, RangeLoadSettings
from canary.settings import CanarySettings, VersionCheckSettings
from emails.settings import BounceSettings, EmailSettings
from identifier.settings import IdentifierSettings
from letters.settings import LettersSettings, LetterStatusSettings, LetterSweepSettings
from login.settings import LoginSettings
from mailings.settings import MailingsSettings
from member_access.errors import SettingsError
from passkeys.settings import PasskeySettings
from pseudonyms.settings import PseudonymSettings
from reset.settings import ResetSettings
from simulators.cloudformation import fits
from simulators.template import LogicalNames, project_template

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from member_access.settings import TableSettings
    from simulators.template import Node

TEMPLATE = project_template()
PARAMETERS: dict[str, Node] = TEMPLATE.body["Parameters"]
NUMBERS = sorted(name for name, node in PARAMETERS.items() if node["Type"] == "Number")
LOCAL = {"Environment": "local", "PublicOrigin": "https://members.example"}
SETTINGS: dict[str, type[TableSettings]] = {
    "AccountFunction": AccountSettings,
    "BouncesFunction": BounceSettings,
    "CanaryFunction": CanarySettings,
    "EmailsFunction": EmailSettings,
    "IdentifierFunction": IdentifierSettings,
    "ImportLoadFunction": RangeLoadSettings,
    "ImportRangesFunction": LoadSettings,
    "ImportReportFunction": LoadSettings,
    "LetterStatusFunction": LetterStatusSettings,
    "LetterSweepFunction": LetterSweepSettings,
    "LettersFunction": LettersSettings,
    "LoginFunction": LoginSettings,
    "MailingsFunction": MailingsSettings,
    "PasskeysFunction": PasskeySettings,
    "PseudonymsFunction": PseudonymSettings,
    "ResetFunction": ResetSettings,
    "VersionCheckFunction": VersionCheckSettings,
}
# No function reads them. CloudWatch Logs, WAF and AWS Backup set the bounds: the API reference of PutRetentionPolicy,
# of RateBasedStatement (10 to 2,000,000,000), and of PutBackupVaultLockConfiguration (1 to 36,500 days).
READ_BY_AWS = {
    "LogRetentionDays": [
        *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
        *(365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
    ],
    "AccessLogDays": [1, 3, 5, 7, 14, 30, 60, 90],
    "BackupRetentionDays": (1, 36_500),
    "EmailsAtOnce": (2, 1000),
    "LambdaConcurrencyQuota": (10, 1_000_000),
    "MonthlyBudget": (0, 10_000_000),
    "ProvisionedConcurrency": (0, 10_000),
    "RequestsASecond": (1, 100_000),
    "RequestsAtOnce": (1, 100_000),
    "RequestsPerSourceIn5Minutes": (10, 2_000_000_000),
    "ReservedConcurrency": (0, 100_000),
    "ReservedConcurrencyForQueues": (0, 100_000),
    "TableReadUnitsASecond": (0, 1_000_000),
    "TableWriteUnitsASecond": (0, 1_000_000),
}
KEY = "arn:aws:kms:eu-west-3:123456789012:key/mrk-0123456789abcdef0123456789abcdef"


def variables() -> dict[str, str]:
    """The parameter that each environment variable takes its value from."""
    shared = TEMPLATE.body["Globals"]["Function"]["Environment"]["Variables"]
    nodes = dict(shared)
    for node in TEMPLATE.resources("AWS::Serverless::Function").values():
        nodes |= node["Properties"]["Environment"]["Variables"]
    return {name: node["Ref"] for name, node in nodes.items() if isinstance(node, dict) and "Ref" in node}


def fields_of(parameter: str) -> list[FieldInfo]:
    """The fields of all settings that a parameter sets."""
    names = [name.lower() for name, source in variables().items() if source == parameter]
    return [
        settings.model_fields[name] for settings in SETTINGS.values() for name in names if name in settings.model_fields
    ]


def choices(node: Any) -> tuple[Any, ...]:  # noqa: ANN401 - an annotation
    """The values of a ``Literal`` or an enumeration."""
    return get_args(node) or tuple(node)


def bounds_of(field: FieldInfo) -> object:
    """The least and the greatest number of a field, or its choices."""
    limits = {type(limit): limit for limit in field.metadata}
    if Ge in limits and Le in limits:
        return limits[Ge].ge, limits[Le].le
    return list(choices(field.annotation))


def declared_bounds(parameter: str) -> object:
    node = PARAMETERS[parameter]
    return node.get("AllowedValues") or (node["MinValue"], node["MaxValue"])


def accepted(function: str, **values: str) -> bool:
    """Whether a function starts with some values of parameters."""
    environment = TEMPLATE.function_environment(function, LogicalNames(), {**LOCAL, **values})
    try:
        SETTINGS[function].from_environment(environment)
    except SettingsError:
        return False
    return True


def test_every_function_has_its_settings_here() -> None:
    assert SETTINGS.keys() == TEMPLATE.resources("AWS::Serverless::Function").keys()


@pytest.mark.parametrize("parameter", sorted(set(NUMBERS) - READ_BY_AWS.keys()))
def test_a_number_has_the_bounds_of_its_settings(parameter: str) -> None:
    read = [bounds_of(field) for field in fields_of(parameter)]

    assert read, "no function reads it"
    assert [bounds for bounds in read if bounds != declared_bounds(parameter)] == []


@pytest.mark.parametrize("parameter", sorted(READ_BY_AWS))
def test_a_number_that_no_function_reads_has_the_bounds_of_aws(parameter: str) -> None:
    assert fields_of(parameter) == []
    assert declared_bounds(parameter) == READ_BY_AWS[parameter]


@pytest.mark.parametrize("parameter", NUMBERS)
def test_a_default_is_within_its_bounds(parameter: str) -> None:
    assert fits(PARAMETERS[parameter], str(PARAMETERS[parameter]["Default"]))


@pytest.mark.parametrize("parameter", sorted(PARAMETERS.keys() - set(NUMBERS)))
def test_a_text_has_a_form_or_choices(parameter: str) -> None:
    node = PARAMETERS[parameter]

    assert ("AllowedValues" in node) is not ("AllowedPattern" in node)
    assert fits(node, node.get("Default", "https://members.example"))


@pytest.mark.parametrize(
    "parameter",
    ["LetterProvider", "MailevaPostage", "PingenProduct", "PingenAddressPosition", "MailevaArchivingYears"],
)
def test_the_choices_of_the_template_are_those_of_the_settings(parameter: str) -> None:
    for field in fields_of(parameter):
        assert sorted(choices(field.annotation)) == sorted(PARAMETERS[parameter]["AllowedValues"])


@pytest.mark.parametrize(
    ("function", "parameter", "value", "is_taken"),
    [
        ("LoginFunction", "IdentifierPattern", r"^MUT-\d+$", True),
        ("LoginFunction", "IdentifierPattern", "^[A-Z]{2}[0-9]{8}$", True),
        ("LoginFunction", "IdentifierPattern", "^([0-9]{13}|[A-Z][0-9A-Z-]{5,11})$", True),
        ("LoginFunction", "IdentifierPattern", "-", False),
        ("LoginFunction", "IdentifierPattern", "^[0-9A-Z-]+$", False),
        ("LoginFunction", "IdentifierPattern", "^[0-9A-Z]*$", False),
        ("LoginFunction", "IdentifierPattern", "^[A-Z$", False),
        ("LoginFunction", "IdentifierPattern", "^[^a]$", False),
        ("LoginFunction", "IdentifierPattern", "^(A|-)$", False),
        ("LoginFunction", "IdentifierPattern", "", False),
        ("LoginFunction", "ServiceAudiences", "", True),
        ("LoginFunction", "ServiceAudiences", "https://refunds.mutuelle.fr/api, urn:mutuelle:documents", True),
        ("LoginFunction", "ServiceAudiences", f"urn:{'a' * 996}", True),
        ("LoginFunction", "ServiceAudiences", f"urn:{'a' * 997}", False),
        ("LoginFunction", "ServiceAudiences", "refunds", False),
        ("LoginFunction", "ServiceAudiences", "https://refunds.mutuelle.fr https://documents.mutuelle.fr", False),
        ("LoginFunction", "ServiceAudiences", 'urn:a","sub":"', False),
        ("EmailsFunction", "InsurerName", "Mutuelle « L’Été »", True),
        ("EmailsFunction", "InsurerName", "", False),
        ("EmailsFunction", "InsurerName", "  ", False),
        ("EmailsFunction", "InsurerName", "Mutuelle\nBcc: thief@example.fr", False),
        ("EmailsFunction", "InsurerName", "Mutuelle\u2028", False),
        ("EmailsFunction", "BrandAccent", "#D6006C", True),
        ("LettersFunction", "BrandAccent", "#D6006C", True),
        ("EmailsFunction", "BrandAccent", "D6006C", False),
        ("EmailsFunction", "BrandAccent", "#d6006cff", False),
        ("EmailsFunction", "ReplyToAddress", "", True),
        ("EmailsFunction", "ReplyToAddress", "Service.Adherents+espace@mutuelle.fr", True),
        ("EmailsFunction", "ReplyToAddress", "adherents", False),
        ("EmailsFunction", "ReplyToAddress", "adhérents@mutuelle.fr", False),
        ("EmailsFunction", "ReplyToAddress", "a@mutuelle.fr,b@mutuelle.fr", False),
        ("EmailsFunction", "ReplyToAddress", "Adhérents <a@mutuelle.fr>", False),
        ("LettersFunction", "InsurerAddress", "Service Adhérents|1 rue de l’Été", True),
        ("LettersFunction", "InsurerAddress", "Service Adhérents||1 rue", False),
        ("LettersFunction", "InsurerAddress", "Service Adhérents|", False),
        ("LettersFunction", "InsurerAddress", " |1 rue", False),
        ("EmailsFunction", "SenderDomain", "mail.mutuelle.fr", True),
        ("EmailsFunction", "SenderDomain", "xn--mutuelle-b1a.fr", True),
        ("EmailsFunction", "SenderDomain", "mutuelle", False),
        ("EmailsFunction", "SenderDomain", "mutuelle.fr.", False),
        ("EmailsFunction", "SenderMailbox", "ne.pas.repondre", True),
        ("EmailsFunction", "SenderMailbox", "ne pas répondre", False),
        ("EmailsFunction", "SenderMailbox", "a" * 65, False),
    ],
)
def test_a_text_is_refused_at_the_deployment_if_a_function_refuses_it(
    function: str, parameter: str, value: str, is_taken: bool
) -> None:
    assert fits(PARAMETERS[parameter], value) is is_taken
    assert accepted(function, **{parameter: value}) is is_taken


@given(st.from_regex(PARAMETERS["IdentifierPattern"]["AllowedPattern"], fullmatch=True))
def test_a_function_starts_with_any_pattern_of_identifiers_that_is_taken(pattern: str) -> None:
    counts = re.findall(r"\{(\d+),(\d+)\}", pattern)
    if all(int(least) <= int(most) for least, most in counts):
        assert accepted("LoginFunction", IdentifierPattern=pattern)


@pytest.mark.parametrize("parameter", [name for name in PARAMETERS if name.endswith("KeyArn")])
@pytest.mark.parametrize(
    ("arn", "is_taken"),
    [
        ("", True),
        (KEY, True),
        (KEY.replace("key/mrk-0123456789abcdef0123456789abcdef", "alias/pins"), False),
        ("0123abcd-0123-4567-89ab-0123456789ab", False),
        (f"{KEY},{KEY}", False),
    ],
)
def test_a_key_is_named_by_its_arn(parameter: str, arn: str, is_taken: bool) -> None:
    assert fits(PARAMETERS[parameter], arn) is is_taken


@pytest.mark.parametrize(("count", "is_taken"), [(0, True), (1, True), (3, True), (4, False)])
def test_there_are_at_most_three_former_pin_keys(count: int, is_taken: bool) -> None:
    assert fits(PARAMETERS["FormerPinKeyArns"], ",".join([KEY] * count)) is is_taken


@pytest.mark.parametrize(
    ("arns", "is_taken"),
    [
        ("arn:aws:iam::123456789012:role/import", True),
        ("arn:aws:iam::123456789012:role/import,arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*", True),
        ("", True),
        ("arn:aws:iam::123456789012:role/import,", False),
        ("arn:aws:iam::123456789012:user/import", False),
        ("*", False),
    ],
)
def test_members_are_imported_by_roles_that_are_named(arns: str, is_taken: bool) -> None:
    assert fits(PARAMETERS["ImportRoleArns"], arns) is is_taken


@pytest.mark.parametrize(
    ("arns", "is_taken"),
    [
        ("arn:aws:ses:eu-west-3:123456789012:identity/essai+1@mutuelle.fr", True),
        ("arn:aws:ses:eu-west-3:123456789012:identity/a@b.fr,arn:aws:ses:eu-west-3:123456789012:identity/c.fr", True),
        ("", True),
        ("essai@mutuelle.fr", False),
        ("arn:aws:ses:eu-west-3:123456789012:identity/a@b.fr, arn:aws:ses:eu-west-3:123456789012:identity/c.fr", False),
        ("arn:aws:ses:eu-west-3:123456789012:identity/*", False),
        ("arn:aws:sns:eu-west-3:123456789012:alarms", False),
    ],
)
def test_test_recipients_are_identities_that_are_named(arns: str, is_taken: bool) -> None:
    assert fits(PARAMETERS["TestRecipientIdentities"], arns) is is_taken


@pytest.mark.parametrize(
    ("arn", "is_taken"),
    [
        ("arn:aws:backup:eu-west-3:210987654321:backup-vault:members", True),
        ("", True),
        ("members", False),
    ],
)
def test_a_vault_for_copies_is_named_by_its_arn(arn: str, is_taken: bool) -> None:
    assert fits(PARAMETERS["BackupCopyVaultArn"], arn) is is_taken
