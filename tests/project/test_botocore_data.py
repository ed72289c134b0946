"""What the layer leaves of botocore's data makes the same clients as all of it."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore
import botocore.session
import pytest
from botocore.loaders import Loader

from simulators.template import ROOT

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.client import BaseClient
    from botocore.model import Shape

LAYER = ROOT / "layers" / "common"
TRIMMING = runpy.run_path(str(LAYER / "trim_botocore.py"))
SERVICES = sorted(TRIMMING["SERVICES"])
PUBLISHED = Path(botocore.__path__[0]) / "data"
REGIONS = ["eu-west-3", "us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "xx-new-9"]


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of botocore's data, trimmed as the layer's are; one service more shows that others go."""
    copy = tmp_path_factory.mktemp("data")
    for one in PUBLISHED.iterdir():
        if one.is_file():
            shutil.copy2(one, copy)
        elif one.name in {*SERVICES, "sns"}:
            shutil.copytree(one, copy / one.name)
    TRIMMING["trim"](copy)
    return copy


def client(data: Path, service: str, region: str) -> BaseClient:
    session = botocore.session.Session()
    session.register_component("data_loader", Loader([str(data)], include_default_search_paths=False))
    made: BaseClient = session.create_client(service, region, aws_access_key_id="fake", aws_secret_access_key="fake")
    return made


def form(shape: Shape | None, known: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401 - a tree
    """Return all that decides how botocore writes and reads a shape."""
    if shape is None or shape.name in known:
        return None
    parts = getattr(shape, "members", {}) | {
        name: getattr(shape, name) for name in ("member", "key", "value") if hasattr(shape, name)
    }
    inner = {name: form(part, known | {shape.name}) for name, part in parts.items()}
    return (shape.name, shape.type_name, dict(shape.serialization), dict(shape.metadata), inner)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_client_calls_the_same_address_and_signs_for_the_same_service(
    trimmed: Path, service: str, region: str
) -> None:
    own, published = (client(data, service, region).meta for data in (trimmed, PUBLISHED))

    assert own.endpoint_url == published.endpoint_url
    assert own.service_model.metadata == published.service_model.metadata
    assert own.partition == published.partition


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_written_and_read_in_the_same_form(trimmed: Path, service: str) -> None:
    own, published = (client(data, service, REGIONS[0]).meta.service_model for data in (trimmed, PUBLISHED))

    assert own.operation_names == published.operation_names
    for name in own.operation_names:
        one, other = own.operation_model(name), published.operation_model(name)
        assert form(one.input_shape) == form(other.input_shape)
        assert form(one.output_shape) == form(other.output_shape)
        assert (one.http, one.auth_type, one.static_context_parameters) == (
            other.http,
            other.auth_type,
            other.static_context_parameters,
        )
        assert [form(error) for error in one.error_shapes] == [form(error) for error in other.error_shapes]


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "codedeploy": ("list_applications", {}),
    "dynamodb": ("get_item", {"TableName": "table", "Key": {"pk": {"S": "key"}}}),
    "kms": ("list_keys", {}),
    "lambda": ("list_functions", {}),
    "s3": ("get_object", {"Bucket": "bucket", "Key": "key"}),
    "secretsmanager": ("get_secret_value", {"SecretId": "secret"}),
    "sesv2": ("get_account", {}),
    "sqs": ("list_queues", {}),
}
"""An operation of each service, and its parameters."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_call_reaches_the_wire_as_with_all_of_the_data(trimmed: Path, service: str) -> None:
    own, published = (on_the_wire(client(data, service, REGIONS[0]), service) for data in (trimmed, PUBLISHED))

    assert own == published


class OnTheWire(Exception):
    """A request was about to leave."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__()
        self.request = request


def on_the_wire(made: Any, service: str) -> tuple[str, str, set[str], object]:  # noqa: ANN401 - any client
    """Return method, address, names of headers and body of a call, which goes no further."""

    def keep(request: AWSPreparedRequest, **_: object) -> None:
        raise OnTheWire(request)

    made.meta.events.register("before-send", keep)
    operation, parameters = CALLS[service]
    with pytest.raises(OnTheWire) as stopped:
        getattr(made, operation)(**parameters)
    request = stopped.value.request
    return request.method, request.url, set(request.headers), request.body


def test_a_file_that_others_share_stays_as_it_is(tmp_path: Path) -> None:
    shared, data = tmp_path / "endpoints.json", tmp_path / "data"
    shared.write_text('{"partitions": [{"services": {"sns": {}}}]}')
    data.mkdir()
    (data / shared.name).hardlink_to(shared)

    TRIMMING["trim"](data)

    assert json.loads((data / shared.name).read_bytes()) == {"partitions": [{"services": {}}]}
    assert "sns" in shared.read_text()


def test_other_services_and_all_documentation_are_gone(trimmed: Path) -> None:
    assert sorted(one.name for one in trimmed.iterdir() if one.is_dir()) == SERVICES
    assert not client(trimmed, "dynamodb", REGIONS[0]).meta.service_model.documentation
    partitions = json.loads((trimmed / "endpoints.json").read_text("utf-8"))["partitions"]
    assert set(partitions[0]["services"]) == {
        "codedeploy",
        "dynamodb",
        "email",
        "kms",
        "lambda",
        "s3",
        "secretsmanager",
        "sqs",
    }
    everything = sum(file.stat().st_size for file in trimmed.rglob("*") if file.is_file())
    assert everything < 500_000
