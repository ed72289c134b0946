"""What a function imports when it starts: counted, for a time in milliseconds would be another one on every machine.

The import runs in an interpreter of its own where nothing exists but the standard library and what the layer and
the function carry.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from simulators.template import ROOT, project_template
from tests.support.requirements import pins

ENTRIES = sorted(
    node["Properties"]["Handler"].rpartition(".")[0]
    for node in project_template().resources("AWS::Serverless::Function").values()
)

# Beside the standard library: the sender of letters was measured at 338 modules and that of e-mails at 5.2 MB. There is
# room for newer libraries.
MOST_MODULES = 350
MOST_BYTES_OF_BYTECODE = 5_400_000
MORE = {"account.handler": (50, 1_200_000), "passkeys.handler": (145, 1_100_000)}
"""What the verification of tokens needs beyond (decision 88), and WebAuthn (decision 84)."""
TOO_DEAR = (
    # Every resolver, and asyncio: 41 ms. API Gateway has routed before.
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.data_classes",
    "aws_lambda_powertools.utilities.idempotency",
    "aws_lambda_powertools.utilities.parameters",
    "aws_lambda_powertools.utilities.parser",
    "aws_lambda_powertools.utilities.validation",
    # Botocore alone makes clients.
    "boto3",
    "s3transfer",
    "pydantic.deprecated",
    "pydantic.v1",
)
PROBE = """
import importlib, json, marshal, sys
from importlib.abc import MetaPathFinder

entry, absent = json.loads(sys.argv[1])

class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in absent:
            raise ModuleNotFoundError(f"neither the layer nor the function carries {name}", name=name)

before = set(sys.modules)
sys.meta_path.insert(0, Absent())
importlib.import_module(entry)
sizes = {}
for name, module in sys.modules.items():
    if name in before or module.__spec__ is None or name.partition(".")[0] in sys.stdlib_module_names:
        continue
    code = module.__spec__.loader.get_code(name)
    sizes[name] = len(marshal.dumps(code)) if code else 0
print(json.dumps(sizes))
"""


@cache
def imported(entry: str) -> dict[str, int]:
    """The modules that a function's entry module brings with it, and the bytes of their bytecode."""
    folder = ROOT / "functions" / entry.partition(".")[0]
    lists = (ROOT / "layers" / "common" / "requirements.txt", folder / "requirements.txt")
    carried = {pin.name for file in lists if file.exists() for pin in pins(file)}
    absent = [
        package
        for package, distributions in packages_distributions().items()
        if not carried & {canonicalize_name(distribution) for distribution in distributions}
    ]
    answer = subprocess.run(  # noqa: S603 - this interpreter, and the program above
        [sys.executable, "-I", "-c", PROBE, json.dumps([entry, absent])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    sizes: dict[str, int] = json.loads(answer.stdout)
    return sizes


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_function_imports_only_what_it_and_the_layer_carry(entry: str) -> None:
    assert entry in imported(entry)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_function_does_not_import_what_costs_more_than_it_gives(entry: str) -> None:
    dear = [name for name in imported(entry) if name.startswith(TOO_DEAR)]

    assert dear == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_function_s_imports_stay_within_the_budget(entry: str) -> None:
    sizes = imported(entry)

    modules, bytecode = MORE.get(entry, (0, 0))
    assert len(sizes) <= MOST_MODULES + modules
    assert sum(sizes.values()) <= MOST_BYTES_OF_BYTECODE + bytecode
