"""Fills a Members table with made-up members by batch writes.

The few members that are measured have a real PIN hash and a real pointer from their identity; those of the others
have the same sizes and made-up contents.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from member_access.members.keyed_hashes import KeyedHashes
from member_access.values.birth_date import BirthDate
from member_access.values.nir import Nir
from member_access.values.postcode import Postcode
from member_access.values.types import Identifier, Pin
from simulators.kms import REGION
from simulators.sign_in_driver import PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.sign_in_driver import FrontDoor

MEASURED = 120
"""The first members, who are measured in turn."""

_BATCH = 25
_WRITERS = 2
_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    # DynamoDB Local reads the key and the region, and checks no signature.
    "Authorization": f"AWS4-HMAC-SHA256 Credential=local/20270101/{REGION}/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
    "X-Amz-Date": "20270101T000000Z",
}


def fill(endpoint: str, door: FrontDoor, number: int) -> float:
    """Write so many members, and two items for each.

    Returns:
        Seconds.
    """
    table, began = door.cloud.tables["MembersTable"], time.monotonic()
    with ThreadPoolExecutor(_WRITERS) as writers:
        shares = [range(first, number, _WRITERS) for first in range(_WRITERS)]
        list(writers.map(lambda share: _write(endpoint, table, door, share), shares))
    return time.monotonic() - began


def identity_of(number: int) -> dict[str, str]:
    """Return what a member types to find the identifier."""
    return {"nir": f"1850375{number:06}", "birth_date": "1985-03-14", "postcode": "60740"}


def items_of(number: int, door: FrontDoor) -> list[dict[str, Any]]:
    """Return the items of a member: the member, and the pointer from the identity."""
    identifier = Identifier(f"A{number:07}")
    identity = hashlib.sha256(b"identity%d" % number).hexdigest()
    pin_hash = f"{door.environment['PIN_KEY_ARN']}$argon2id$v=19$m=8,t=1,p=1${identity[:22]}${identity[:43]}"
    if number < MEASURED:
        pin_hash = door.hasher().hash(identifier, Pin.parse(PIN)).encode()
        typed = identity_of(number)
        identity = KeyedHashes(door.cloud.kms, door.cloud.keys["IndexKey"]).of_identity(
            Nir.parse(typed["nir"]),
            BirthDate.parse(typed["birth_date"], door.clock()),
            Postcode.parse(typed["postcode"]),
        )
    texts = {
        "pk": f"MEMBER#{identifier}",
        "identifier": identifier,
        "pin_hash": pin_hash,
        "identity_hash": identity,
        "iban_hash": hashlib.sha256(b"iban%d" % number).hexdigest(),
        "last_name": "EXEMPLE",
        "first_name": "Camille",
        "address_4": f"{number} RUE DE L EXEMPLE",
        "postcode": "60740",
        "town": "EXEMPLEVILLE",
        "language": "fr",
        "email": f"camille.{number}@example.fr",
    }
    member: dict[str, Any] = {name: {"S": text} for name, text in texts.items()}
    member["credential_version"] = {"N": "1"}
    return [member, {"pk": {"S": f"IDENTITY#{identity}"}, "identifier": {"S": identifier}}]


def _write(endpoint: str, table: str, door: FrontDoor, numbers: range) -> None:
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc)
    for batch in _batches(door, numbers):
        connection.request("POST", "/", json.dumps({"RequestItems": {table: batch}}), _HEADERS)
        response = connection.getresponse()
        answer = response.read()
        if response.status != http.client.OK or json.loads(answer)["UnprocessedItems"]:
            raise RuntimeError(f"DynamoDB Local did not write: {answer.decode()}")
    connection.close()


def _batches(door: FrontDoor, numbers: range) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for number in numbers:
        for item in items_of(number, door):
            batch.append({"PutRequest": {"Item": item}})
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch
