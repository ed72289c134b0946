"""Makes things go wrong behind the API: AWS refuses a call, an item is damaged, a secret changes."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from member_access.members.passkeys import passkey_id, passkey_key
from member_access.members.pseudonyms import Pseudonyms
from member_access.values.nir import Nir

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tests.support.local_stack import Stack

_EVERYTHING_DENIED = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)


class Faults:
    """Makes things go wrong behind the functions of a running stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._outputs = stack.outputs()
        self._pseudonyms = Pseudonyms.from_kms(
            stack.cloud.kms, self._outputs["IndexKeyArn"], self._outputs["SourceKeyArn"]
        )

    @contextlib.contextmanager
    def damaged_member(self, identifier: str) -> Generator[None]:
        """Until the end of the block, a member whose item lacks what no write of ours leaves out."""
        item = {"pk": {"S": f"MEMBER#{identifier}"}, "identifier": {"S": identifier}}
        with self._there("MembersTable", item):
            yield

    @contextlib.contextmanager
    def damaged(self, *keys: str) -> Generator[None]:
        """Until the end of the block, items of the Access table that are fresh and say nothing."""
        fresh = str(int(time.time()) + 600)
        with contextlib.ExitStack() as there:
            for key in keys:
                item = {"pk": {"S": key}, "expires_at": {"N": fresh}, "revision": {"N": "1"}, "uses": {"N": "1"}}
                # Sign-ins may lack any attribute: one of another kind says nothing.
                item["credential_version"] = {"S": ""}
                there.enter_context(self._there("AccessTable", item))
            yield

    @contextlib.contextmanager
    def damaged_passkey(self, credential_id: bytes) -> Generator[None]:
        """Until the end of the block, a passkey that says nothing."""
        with self._there("MembersTable", {"pk": {"S": passkey_key(passkey_id(credential_id))}}):
            yield

    def identity_key(self, nir: str) -> str:
        """Where searches by a social-security number are counted."""
        return f"ATTEMPTS#identity#{self._pseudonyms.of('nir', Nir.parse(nir).reveal())}"

    @contextlib.contextmanager
    def nothing_allowed(self, *roles: str) -> Generator[None]:
        """Roles, by their logical ids, under which every call to AWS is refused until the end of the block."""
        iam = self._client("iam")
        names = [self._physical_id(role) for role in roles]
        for name in names:
            iam.put_role_policy(RoleName=name, PolicyName="nothing", PolicyDocument=_EVERYTHING_DENIED)
        try:
            yield
        finally:
            for name in names:
                iam.delete_role_policy(RoleName=name, PolicyName="nothing")

    @property
    def provider_secret(self) -> dict[str, Any]:
        """What the print provider and the stack know of each other."""
        kept = self._client("secretsmanager").get_secret_value(SecretId=self._outputs["ProviderSecretArn"])
        content: dict[str, Any] = json.loads(kept["SecretString"])
        return content

    @contextlib.contextmanager
    def other_provider_secret(self, function: str, content: Mapping[str, Any]) -> Generator[None]:
        """A function that starts again and finds another secret, until the end of the block."""
        client, was = self._client("secretsmanager"), self.provider_secret
        secret, functions = self._outputs["ProviderSecretArn"], self._client("lambda")
        version = functions.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
        client.put_secret_value(SecretId=secret, SecretString=json.dumps(content))
        try:
            # A version is published only where something is different.
            functions.update_function_configuration(FunctionName=function, Description=secrets.token_hex(8))
            newer = functions.publish_version(FunctionName=function)["Version"]
            functions.update_alias(FunctionName=function, Name="live", FunctionVersion=newer)
            yield
        finally:
            functions.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
            client.put_secret_value(SecretId=secret, SecretString=json.dumps(was))

    def _client(self, service: str) -> Any:  # noqa: ANN401 - the stubs of these services are not installed
        cloud = self._stack.cloud
        return cloud.session.client(service, endpoint_url=cloud.endpoint_url)  # type: ignore[call-overload]

    def _physical_id(self, logical_id: str) -> str:
        (resource,) = self._stack.cloud.cloudformation.describe_stack_resources(
            StackName="local", LogicalResourceId=logical_id
        )["StackResources"]
        return resource["PhysicalResourceId"]

    @contextlib.contextmanager
    def _there(self, table: str, item: Any) -> Generator[None]:  # noqa: ANN401 - plain dictionaries
        dynamodb, name = self._stack.cloud.dynamodb, self._outputs[table]
        dynamodb.put_item(TableName=name, Item=item)
        try:
            yield
        finally:
            dynamodb.delete_item(TableName=name, Key={"pk": item["pk"]})
