"""Loads the sample members, invented people, with the same import as real ones; some have a PIN."""

from __future__ import annotations

import csv
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.errors import SamplesRejected
from member_access.members.store import member_key
from member_access.pins.hashing import PinHasher, argon2id
from member_access.pins.pin_hash import Argon2Cost
from member_access.values.types import Identifier, Pin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.cloud import LocalClients
    from local.deployment import Deployment
    from local.processes import Tools
    from local.state import StateFolder

_FOLDER = Path(__file__).parent
_MEMBERS = _FOLDER / "members.csv"
_PINS = _FOLDER / "sample_pins.csv"


@dataclass(frozen=True)
class SamplePin:
    """The PIN of a sample member. It may be printed, because the member does not exist."""

    identifier: Identifier
    pin: Pin


def sample_pins() -> list[SamplePin]:
    """Read the PINs that sample members have from the start; the other members have none yet."""
    with _PINS.open(encoding="utf-8", newline="") as file:
        return [SamplePin(Identifier.parse(row["identifier"]), Pin.parse(row["pin"])) for row in csv.DictReader(file)]


def import_members(state: StateFolder, tools: Tools) -> None:
    """Load the sample members as an operator would.

    Raises:
        ToolFailed: a row was rejected.
        Stopped: someone asked to stop.
    """
    # The import writes its report beside the file, so it gets a copy among the logs.
    file = state.logs / _MEMBERS.name
    shutil.copyfile(_MEMBERS, file)
    tools.run(
        "The import of the sample members failed",
        [sys.executable, "-m", "ops", "import", "--local", "--state-dir", state.path, file],
        log="import.log",
        folder=_FOLDER.parent,
    )


def set_pins(cloud: LocalClients, deployment: Deployment, pins: Iterable[SamplePin]) -> None:
    """Give sample members their PINs, hashed by the layer's own code with the deployed key and cost.

    Raises:
        SamplesRejected: a member does not exist.
    """
    hasher = PinHasher(
        cloud.kms,
        deployment.outputs["PinKeyArn"],
        argon2id(
            Argon2Cost(
                memory_kib=int(deployment.parameters["Argon2MemoryKib"]),
                iterations=int(deployment.parameters["Argon2Iterations"]),
                lanes=int(deployment.parameters["Argon2Lanes"]),
            )
        ),
        secrets.token_bytes,
    )
    for sample in pins:
        try:
            cloud.dynamodb.update_item(
                TableName=deployment.outputs["MembersTable"],
                Key={"pk": {"S": member_key(sample.identifier)}},
                UpdateExpression="SET pin_hash = :hash, credential_version = credential_version + :one",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={
                    ":hash": {"S": hasher.hash(sample.identifier, sample.pin).encode()},
                    ":one": {"N": "1"},
                },
            )
        except cloud.dynamodb.exceptions.ConditionalCheckFailedException:
            raise SamplesRejected(
                f"{_PINS} names {sample.identifier}, but {_MEMBERS} does not. Add the member, or remove the PIN."
            ) from None
