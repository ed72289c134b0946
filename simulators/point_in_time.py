"""Point-in-time recovery of DynamoDB as AWS documents it; moto copies the present items, and all settings are there.

API reference of RestoreTableToPointInTime: the new table has the data of the moment, the indexes and the encryption. It
has no tags, no time to live, no point-in-time recovery. It is in the state CREATING for some time, and its backups are
not available at once (UpdateContinuousBackups, ContinuousBackupsUnavailableException).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

_Answer: TypeAlias = tuple[AWSResponse, dict[str, Any]]
_COPIED = ("AttributeDefinitions", "KeySchema")


@dataclass(frozen=True)
class _Snapshot:
    moment: datetime
    items: list[dict[str, Any]]


class PointInTime:
    """Keeps the items of tables at chosen moments, and answers restores of a client from them.

    Args:
        client: whose calls it answers.
        emulator: another client of the same tables.
        polls: how often a new table is not there yet.
        refusals: how often the backups of a new table are not available yet.
    """

    def __init__(self, client: DynamoDBClient, emulator: DynamoDBClient, *, polls: int = 2, refusals: int = 1) -> None:
        self._client = client
        self._emulator = emulator
        self._polls, self._refusals = polls, refusals
        self._snapshots: dict[str, list[_Snapshot]] = {}
        self._polls_left: dict[str, int] = {}
        self._refusals_left: dict[str, int] = {}

    def __enter__(self) -> Self:
        for operation, answer in self._answers().items():
            self._client.meta.events.register_first(f"before-call.dynamodb.{operation}", answer)
        return self

    def __exit__(self, *_: object) -> None:
        for operation, answer in self._answers().items():
            self._client.meta.events.unregister(f"before-call.dynamodb.{operation}", answer)

    def keep(self, table: str, moment: datetime) -> None:
        """Keep what is in a table at a moment, which must be later than those before."""
        pages = self._emulator.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        items: list[dict[str, Any]] = [dict(item) for page in pages for item in page["Items"]]
        self._snapshots.setdefault(table, []).append(_Snapshot(moment, items))

    def answer(self, operation: str, body: str) -> tuple[int, dict[str, Any]] | None:
        """Answer a call in DynamoDB's protocol with a status and a body; None if the emulator answers as AWS does."""
        handler = self._answers().get(operation)
        answered = handler({"body": body, "url": ""}) if handler else None
        if not answered:
            return None
        response, parsed = answered
        error = parsed.get("Error")
        return response.status_code, {"__type": error["Code"], "message": error["Message"]} if error else parsed

    def _answers(self) -> Mapping[str, Any]:
        return {
            "RestoreTableToPointInTime": self._restore,
            "DescribeTable": self._describe,
            "UpdateContinuousBackups": self._back_up,
        }

    def _restore(self, params: Mapping[str, Any], **_: object) -> _Answer:
        asked = _body(params)
        source, target = asked["SourceTableName"], asked["TargetTableName"]
        kept = self._snapshots.get(source, [])
        if not kept:
            return _error(params, "PointInTimeRecoveryUnavailableException")
        until = asked.get("RestoreDateTime", kept[-1].moment.timestamp())
        fits = [one for one in kept if one.moment.timestamp() <= until]
        if not fits:
            return _error(params, "InvalidRestoreTimeException")
        described = self._emulator.describe_table(TableName=source)["Table"]
        self._emulator.create_table(
            TableName=target,
            BillingMode="PAY_PER_REQUEST",
            **{name: described[name] for name in _COPIED},  # type: ignore[literal-required]
        )
        for item in fits[-1].items:
            self._emulator.put_item(TableName=target, Item=item)
        self._polls_left[target], self._refusals_left[target] = self._polls, self._refusals
        return _answer(params, {"TableDescription": {"TableName": target, "TableStatus": "CREATING"}})

    def _describe(self, params: Mapping[str, Any], **_: object) -> _Answer | None:
        table = _body(params)["TableName"]
        if not self._polls_left.get(table):
            return None
        self._polls_left[table] -= 1
        return _answer(params, {"Table": {"TableName": table, "TableStatus": "CREATING"}})

    def _back_up(self, params: Mapping[str, Any], **_: object) -> _Answer | None:
        table = _body(params)["TableName"]
        if not self._refusals_left.get(table):
            return None
        self._refusals_left[table] -= 1
        return _error(params, "ContinuousBackupsUnavailableException")


def _body(params: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(params["body"])
    return body


def _answer(params: Mapping[str, Any], parsed: dict[str, Any]) -> _Answer:
    return AWSResponse(params["url"], HTTPStatus.OK, HTTPHeaders(), None), {**parsed, "ResponseMetadata": {}}


def _error(params: Mapping[str, Any], code: str) -> _Answer:
    error = {"Error": {"Code": code, "Message": "as AWS documents it"}, "ResponseMetadata": {}}
    return AWSResponse(params["url"], HTTPStatus.BAD_REQUEST, HTTPHeaders(), None), error
