"""The software bill of materials names each distribution of the built artifacts, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from simulators.template import ROOT
from tools.sbom import bill_of_materials, carried, main

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LONG_LICENCE = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"


def install(folder: Path, name: str, version: str, *headers: str) -> None:
    """Write what an installer leaves of a distribution."""
    metadata = folder / f"{name}-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *headers, ""]))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What sam build writes: a layer, a function with a package of its own, and one without."""
    folder = tmp_path / "builds" / "digest" / "sam"
    layer = folder / "CommonLayer" / "python"
    install(layer, "aws_lambda_powertools", "3.1.0", "License: MIT No Attribution")
    install(layer, "argon2-cffi", "25.1.0", "License-Expression: MIT")
    install(folder / "EmailsFunction", "Jinja2", "3.1.6", "Classifier: License :: OSI Approved :: BSD License")
    install(folder / "BouncesFunction", "Jinja2", "3.1.6", "Classifier: License :: OSI Approved :: BSD License")
    install(folder / "LettersFunction", "typst", "0.15", f"License: {LONG_LICENCE}")
    (folder / "LoginFunction" / "login").mkdir(parents=True)
    (folder / "template.yaml").write_text("Resources: {}")
    return folder


def bill(built: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(bill_of_materials(carried(built), "1.2.3", NOW))
    return read


def test_each_distribution_is_named_once_with_its_address_and_licence(built: Path) -> None:
    listed = [one for one in bill(built)["components"] if one["type"] == "library"]

    assert [(one["purl"], one.get("licenses")) for one in listed] == [
        ("pkg:pypi/argon2-cffi@25.1.0", [{"license": {"id": "MIT"}}]),
        ("pkg:pypi/aws-lambda-powertools@3.1.0", [{"license": {"name": "MIT No Attribution"}}]),
        ("pkg:pypi/jinja2@3.1.6", [{"license": {"name": "BSD License"}}]),
        ("pkg:pypi/typst@0.15", None),
    ]


def test_the_bill_says_which_artifact_carries_what(built: Path) -> None:
    depends = {one["ref"]: one.get("dependsOn", []) for one in bill(built)["dependencies"]}

    assert depends["LoginFunction"] == []
    assert depends["EmailsFunction"] == depends["BouncesFunction"] == ["pkg:pypi/jinja2@3.1.6"]
    assert sorted(depends["espace-adherent-access"]) == sorted(
        folder.name for folder in built.iterdir() if folder.is_dir()
    )


def test_the_bill_has_its_version_and_time(built: Path) -> None:
    metadata = bill(built)["metadata"]

    assert metadata["component"]["version"] == "1.2.3"
    assert metadata["timestamp"] == NOW.isoformat()


def test_the_command_lists_the_last_build_of_make_run(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = built / "new" / "sbom.cdx.json"
    main(["--output", str(target)], builds=built.parent.parent)

    assert capsys.readouterr().out == f"{target}: 5 artifacts, 4 packages.\n"
    assert json.loads(target.read_text())["specVersion"] == "1.6"


@pytest.mark.parametrize("arguments", [[], ["."]])
def test_without_a_build_the_command_says_what_to_do(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(arguments, builds=tmp_path)

    assert "run make run" in capsys.readouterr().err


def test_the_portal_carries_no_package_of_others() -> None:
    imported = {
        address
        for file in (ROOT / "portal").rglob("*.js")
        for address in re.findall(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"'\n]+)["']""", file.read_text("utf-8"))
    }

    assert len(imported) > 10
    assert [address for address in imported if not address.startswith((".", "/"))] == []
