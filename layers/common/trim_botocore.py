"""Leaves of botocore's data what the functions use: the services of ``aws_services.txt``, without their documentation.

Every client reads its service's description, and where each service of AWS is (``endpoints.json``). Both are mostly
about what no function does. ``tests/project/test_botocore_data.py`` compares what is left with botocore's own.

usage: python trim_botocore.py <folder of packages>
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

SERVICES = frozenset(Path(__file__).with_name("aws_services.txt").read_text(encoding="utf-8").split())


def main(packages: str) -> None:
    """Trim the data of the botocore in a folder."""
    trim(Path(packages) / "botocore" / "data")


def trim(data: Path) -> None:
    """Trim a folder of data."""
    prefixes = set()
    for folder in filter(Path.is_dir, data.iterdir()):
        if folder.name not in SERVICES:
            shutil.rmtree(folder)
            continue
        for file in folder.glob("*/service-2.json.gz"):
            described = json.loads(gzip.decompress(file.read_bytes()))
            prefixes.add(described["metadata"]["endpointPrefix"])
            _replace(file, gzip.compress(_encoded(without_documentation(described)), mtime=0))
    file = data / "endpoints.json"
    _replace(file, _encoded(only_services(json.loads(file.read_bytes()), prefixes)))


def without_documentation(described: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a description whose texts named ``documentation`` are empty.

    They stay, since botocore reads some without asking whether they are there. A shape of that name is kept.
    """
    match described:
        case dict():
            return {
                name: "" if name == "documentation" and isinstance(value, str) else without_documentation(value)
                for name, value in described.items()
            }
        case list():
            return [without_documentation(value) for value in described]
    return described


def only_services(endpoints: dict[str, Any], prefixes: set[str]) -> dict[str, Any]:
    """Return the endpoints of some services, by the prefix of their host names, in every partition."""
    partitions = [
        {**partition, "services": {name: one for name, one in partition["services"].items() if name in prefixes}}
        for partition in endpoints["partitions"]
    ]
    return {**endpoints, "partitions": partitions}


def _replace(file: Path, content: bytes) -> None:
    # As another file: uv links those that it installs to its cache.
    file.unlink()
    file.write_bytes(content)


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
