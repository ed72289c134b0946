"""Which items and attributes each role may write, from the template alone."""

from __future__ import annotations

import re

import pytest

from simulators.aws_calls import Permission, RecordedRequest
from simulators.template import ROOT, project_template
from tests.support.expansion import Expanded
from tests.support.iam import allows, patterns_of

TEMPLATE = project_template()
ROLES = sorted(TEMPLATE.resources("AWS::IAM::Role"))
STATEMENTS = {role: TEMPLATE.role_statements(role) for role in ROLES}
ON_TABLES = {
    role: [statement for statement in statements if {"MembersTable.Arn", "AccessTable.Arn"} & {*statement.resources}]
    for role, statements in STATEMENTS.items()
}
WRITES = ("DeleteItem", "PutItem", "UpdateItem")
COLUMNS = (("BatchGetItem", "ConditionCheckItem", "GetItem"), ("PutItem",), ("UpdateItem",), ("DeleteItem",))
"""The actions of each column of the table in docs/security.md."""


def may_write(role: str, table: str, key: str, *attributes: str) -> bool:
    """Whether a role may make any write of these attributes to an item."""
    context = {
        "dynamodb:LeadingKeys": (key,),
        "dynamodb:Attributes": ("pk", *attributes),
        "dynamodb:ReturnValues": ("NONE",),
    }
    return any(
        allows(STATEMENTS[role], RecordedRequest(Permission(f"dynamodb:{action}", f"{table}.Arn"), context))
        for action in WRITES
    )


def writers(table: str, key: str, *attributes: str) -> set[str]:
    """The roles that may."""
    return {role for role in ROLES if may_write(role, table, key, *attributes)}


@pytest.mark.parametrize("role", ROLES)
def test_every_statement_on_a_table_names_leading_keys(role: str) -> None:
    assert [s for s in ON_TABLES[role] if not patterns_of(s, "dynamodb:LeadingKeys")] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_leading_key_names_one_kind_of_item(role: str) -> None:
    patterns = {pattern for s in ON_TABLES[role] for pattern in patterns_of(s, "dynamodb:LeadingKeys")}

    assert [pattern for pattern in patterns if not pattern.removesuffix("*").endswith("#")] == []
    assert [pattern for pattern in patterns if "*" in pattern.removesuffix("*") or "?" in pattern] == []


@pytest.mark.parametrize("role", ROLES)
def test_each_action_on_a_table_stands_in_one_statement(role: str) -> None:
    named = [(action, table) for s in ON_TABLES[role] for action in s.actions for table in s.resources]

    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("key", ["PASSKEY#0", "PASSKEYS#A1234567"])
def test_only_the_function_of_passkeys_can_write_one(key: str) -> None:
    assert writers("MembersTable", key) == {"PasskeysRole"}


def test_only_the_reset_can_write_a_reset_token() -> None:
    assert writers("AccessTable", "RESET_TOKEN#0") == {"ResetRole"}


def test_only_sign_in_account_and_reset_can_write_a_session_or_browser() -> None:
    assert writers("AccessTable", "SIGN_INS#0") == {"AccountRole", "LoginRole", "PasskeysRole", "ResetRole"}


@pytest.mark.parametrize(
    ("key", "roles"),
    [
        ("PinKey", {"AccountRole", "LoginRole", "MailingsRole", "PasskeysRole", "PseudonymsRole", "ResetRole"}),
        ("CodeKey", {"EmailsRole", "LettersRole", "LoginRole", "ResetRole"}),
        ("IndexKey", {"IdentifierRole", "ImportLoadRole", "PseudonymsRole"}),
        ("OwnDataKey", {"ImportLoadRole", "ResetRole"}),
        ("SourceKey", {"AccountRole", "IdentifierRole", "LoginRole", "PasskeysRole", "ResetRole"}),
    ],
)
def test_a_key_serves_the_functions_that_need_it_and_no_other(key: str, roles: set[str]) -> None:
    assert {
        role
        for role in ROLES
        if allows(STATEMENTS[role], RecordedRequest(Permission("kms:GenerateMac", f"{key}.Arn"), {}))
    } == roles


def test_only_sign_in_and_reset_can_write_a_pin_hash() -> None:
    assert writers("MembersTable", "MEMBER#A1234567", "pin_hash") == {"LoginRole", "ResetRole"}


def test_only_a_new_pin_a_disabled_one_and_the_import_write_a_version() -> None:
    writing = {"AccountRole", "ImportLoadRole", "ResetRole"}
    assert writers("MembersTable", "MEMBER#A1234567", "credential_version") == writing
    (update,) = (one for one in STATEMENTS["ImportLoadRole"] if "dynamodb:UpdateItem" in one.actions)
    assert "credential_version" not in patterns_of(update, "dynamodb:Attributes")


def test_only_the_account_disables_a_pin_and_the_reset_enables_it() -> None:
    assert writers("MembersTable", "MEMBER#A1234567", "pin_disabled_at") == {"AccountRole", "ResetRole"}


@pytest.mark.parametrize("action", ["BatchGetItem", "GetItem", "UpdateItem"])
def test_the_role_of_the_account_reads_and_writes_no_hash_of_a_pin(action: str) -> None:
    named = {"dynamodb:LeadingKeys": ("MEMBER#A1234567",), "dynamodb:Attributes": ("pk", "pin_hash")}
    request = RecordedRequest(Permission(f"dynamodb:{action}", "MembersTable.Arn"), named)

    assert not allows(STATEMENTS["AccountRole"], request)


def test_the_role_that_invites_reads_and_writes_no_hash_of_a_pin() -> None:
    """It may use the key of these hashes, for pseudonyms."""
    read = RecordedRequest(
        Permission("dynamodb:GetItem", "MembersTable.Arn"),
        {
            "dynamodb:LeadingKeys": ("MEMBER#A1234567",),
            "dynamodb:Attributes": ("pk", "pin_hash"),
            "dynamodb:Select": ("SPECIFIC_ATTRIBUTES",),
        },
    )
    everything = RecordedRequest(read.permission, {**read.context, "dynamodb:Select": ("ALL_ATTRIBUTES",)})

    assert not allows(STATEMENTS["MailingsRole"], read)
    assert not allows(STATEMENTS["MailingsRole"], everything)
    assert not may_write("MailingsRole", "MembersTable", "MEMBER#A1234567", "pin_hash")


def test_who_may_mark_an_address_or_a_member_as_invited() -> None:
    assert writers("MembersTable", "MEMBER#A1234567", "address_state") == {
        "ImportLoadRole",
        "LettersRole",
        "MailingsRole",
    }
    assert writers("MembersTable", "MEMBER#A1234567", "invited_at") == {"MailingsRole"}


def test_only_the_bounces_role_and_the_import_can_write_an_email_address() -> None:
    assert writers("MembersTable", "MEMBER#A1234567", "email") == {"BouncesRole", "ImportLoadRole"}


def test_only_the_import_can_write_the_hashes_of_own_data() -> None:
    assert writers("MembersTable", "MEMBER#A1234567", "own_data_hashes") == {"ImportLoadRole"}


def test_only_the_import_can_write_whom_an_identity_points_to() -> None:
    assert writers("MembersTable", "IDENTITY#0", "identifier") == {"ImportLoadRole"}


def test_the_import_writes_nothing_of_the_access_table() -> None:
    assert not any("AccessTable.Arn" in one.resources for one in STATEMENTS["ImportLoadRole"])


def readers_of_objects(prefix: str) -> set[str]:
    resource = f"ImportBucket.Arn/{prefix}/*"
    return {
        role
        for role in ROLES
        if any("s3:GetObject" in one.actions and resource in one.resources for one in STATEMENTS[role])
    }


def test_only_the_functions_that_judge_and_write_rows_read_a_file_of_members() -> None:
    assert readers_of_objects("files") == {"ImportLoadRole", "ImportRangesRole"}


@pytest.mark.parametrize("role", ["BouncesRole", "LetterStatusRole"])
@pytest.mark.parametrize("key", ["RESET_TOKEN#0", "SIGN_INS#0", "CHALLENGE#0"])
def test_a_role_that_takes_notifications_cannot_write_access(role: str, key: str) -> None:
    assert not may_write(role, "AccessTable", key)


@pytest.mark.parametrize("key", ["RESET#0", "EMAIL#0"])
def test_a_print_provider_s_notification_voids_no_code_and_sends_no_email(key: str) -> None:
    assert not may_write("LetterStatusRole", "AccessTable", key)


@pytest.mark.parametrize("key", ["CODE#0", "SIGN_INS#0"])
def test_the_search_for_an_identifier_writes_no_other_counter(key: str) -> None:
    assert not may_write("IdentifierRole", "AccessTable", key)
    assert may_write("IdentifierRole", "AccessTable", "ATTEMPTS#iban#0")


@pytest.mark.parametrize("role", ROLES)
def test_no_role_can_delete_a_counter(role: str) -> None:
    keys = ["ATTEMPTS#iban#0", "ATTEMPTS#identity#0", "SIGN_INS#0", "SOURCE#0#0"]
    delete = Permission("dynamodb:DeleteItem", "AccessTable.Arn")

    assert [
        key for key in keys if allows(STATEMENTS[role], RecordedRequest(delete, {"dynamodb:LeadingKeys": (key,)}))
    ] == []


@pytest.mark.parametrize(("mailbox", "is_allowed"), [("noreply", True), ("direction", False)])
def test_emails_leave_under_the_address_of_the_sender_alone(mailbox: str, is_allowed: bool) -> None:
    parameters = {"SenderMailbox": "noreply", "SenderDomain": "mutuelle.example"}
    statements = TEMPLATE.role_statements("EmailsRole", parameters=parameters)
    (send,) = [statement for statement in statements if statement.actions == ("ses:SendEmail",)]
    context = {"ses:FromAddress": (f"{mailbox}@mutuelle.example",)}

    for resource in send.resources:
        assert allows(statements, RecordedRequest(Permission("ses:SendEmail", resource), context)) is is_allowed


def allowed_words(role: str, actions: tuple[str, ...]) -> set[str]:
    """The beginnings of keys, and the attributes, that a role's statements on the tables name for some actions."""
    named = {f"dynamodb:{action}" for action in actions}
    return {
        pattern.removesuffix("*")
        for statement in ON_TABLES[role]
        if named & {*statement.actions}
        for key in ("dynamodb:LeadingKeys", "dynamodb:Attributes")
        for pattern in patterns_of(statement, key)
    } - {"pk"}


def test_the_security_page_names_what_each_role_may_touch() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    _, _, table = page.partition("| role | reads | puts | updates | deletes |\n")
    rows = [line.strip("| ").split("|") for line in table.partition("\n\n")[0].splitlines()[1:]]
    documented = {
        re.findall(r"#(\w+)`", row[0])[0]: [set(re.findall(r"`([^`]+)`", cell)) for cell in row[1:]] for row in rows
    }

    assert documented == {role: [allowed_words(role, actions) for actions in COLUMNS] for role in ROLES}


BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
EVERYTHING = {
    "BackupVault": "create",
    "CanarySecretArn": "arn:aws:secretsmanager:eu-west-3:123456789012:secret:canary-AbCdEf",
}


def test_every_role_has_the_boundary_of_the_organisation() -> None:
    roles = Expanded(PermissionsBoundaryArn=BOUNDARY, **EVERYTHING).of_type("AWS::IAM::Role")

    assert len(roles) > 12
    assert [name for name, role in roles.items() if role.get("PermissionsBoundary") != BOUNDARY] == []


def test_without_a_boundary_no_role_names_one() -> None:
    roles = Expanded(**EVERYTHING).of_type("AWS::IAM::Role")

    assert [name for name, role in roles.items() if "PermissionsBoundary" in role] == []
