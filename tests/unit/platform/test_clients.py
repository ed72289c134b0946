"""What botocore leaves out in Lambda, and what the tests still have it do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ParamValidationError

from member_access.errors import Unavailable
from member_access.platform.aws import USER_AGENT, batch_get
from member_access.platform.runtime import AwsClients
from simulators.aws_responses import OfflineResponse

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

    from simulators.cloud import Cloud


class RefusingDynamoDb:
    """Rejects every request, as DynamoDB rejects one with a wrong parameter, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[AWSPreparedRequest] = []

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Botocore's ``before-send`` handler."""
        self.requests.append(request)
        return OfflineResponse(
            request.url, 400, b'{"__type":"com.amazon.coral.validate#ValidationException","message":"wrong"}'
        )


@pytest.mark.parametrize(
    ("client", "operation"),
    [
        ("dynamodb", "transact_write_items"),
        ("kms", "generate_mac"),
        ("s3", "get_object"),
        ("secretsmanager", "get_secret_value"),
        ("ses", "send_email"),
        ("sqs", "send_message"),
    ],
)
def test_every_client_of_the_tests_checks_its_parameters(cloud: Cloud, client: str, operation: str) -> None:
    with pytest.raises(ParamValidationError):
        getattr(getattr(cloud, client), operation)()


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")


@pytest.mark.usefixtures("region")
def test_aws_itself_rejects_a_wrong_parameter_of_a_function_and_no_one_is_let_in() -> None:
    dynamodb, clients = RefusingDynamoDb(), AwsClients()
    clients.dynamodb.meta.events.register("before-send.dynamodb", dynamodb.answer)  # type: ignore[arg-type]

    with pytest.raises(Unavailable, match="BatchGetItem: ValidationException"):
        batch_get(clients.dynamodb, {"members": [7]})  # type: ignore[list-item]
    assert len(dynamodb.requests) == 1


@pytest.mark.usefixtures("region")
def test_a_function_names_itself_to_aws_by_a_constant() -> None:
    dynamodb, clients = RefusingDynamoDb(), AwsClients()
    clients.dynamodb.meta.events.register("before-send.dynamodb", dynamodb.answer)  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        batch_get(clients.dynamodb, {"members": ["MEMBER#A1234567"]})
    (request,) = dynamodb.requests
    agent = bytes(request.headers["User-Agent"])  # type: ignore[arg-type]  # the stubs say text
    assert agent.startswith(b"member-access ")
    assert b"lang/python" not in agent


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("name", ["dynamodb", "kms", "secretsmanager", "ses", "sqs"])
def test_no_client_composes_its_name_again_for_each_call(name: str) -> None:
    assert getattr(AwsClients(), name).meta.config.user_agent == USER_AGENT
