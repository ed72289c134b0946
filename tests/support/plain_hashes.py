"""Finds plain hashes of data with few values: a thief of the table could invert them without a key."""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.members import Row

_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
_SEPARATORS = ("", "|", "#", ":", ";", ",", "-", "_", " ", "/", "\n", "\0")
# A hash that was cut short is still found by its beginning.
_TOLD_BY = 12


def plain_hashes_in(text: str, row: Row) -> set[str]:
    """The beginnings of plain hashes of a member's number, birth date and IBAN, alone or together, that stand in it."""
    return _invertible(row) & {text[start : start + _TOLD_BY] for start in range(len(text))}


def _invertible(row: Row) -> set[str]:
    number, born, bank = row["nir"], row["birth_date"], row["iban"].replace(" ", "")
    identity = {number, number[:13], born, born.replace("-", ""), row["postcode"]}
    account = {row["identifier"], bank, bank[-6:]}
    return {
        encoded[:_TOLD_BY]
        for parts in (identity, account)
        for count in (1, 2, 3)
        for chosen in permutations(sorted(parts), count)
        if set(chosen) - {row["postcode"], row["identifier"]}
        for separator in _SEPARATORS
        for encoded in _digests(separator.join(chosen))
    }


def _digests(text: str) -> Iterator[str]:
    for algorithm in _ALGORITHMS:
        digest = hashlib.new(algorithm, text.encode()).digest()
        yield digest.hex()
        yield digest.hex().upper()
        yield b64encode(digest).decode()
        yield urlsafe_b64encode(digest).decode()
