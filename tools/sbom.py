"""Lists what is deployed as a software bill of materials (CycloneDX 1.6).

``python -m tools.sbom`` writes ``.local/sbom.cdx.json`` for what ``make run`` has deployed last;
``python -m tools.sbom .aws-sam/build`` for what ``sam build`` has made. ``make deploy`` keeps the bill of each
deployment.

It reads the built artifacts and no lock file, so it names what is in them: the layer and each function, and the
distributions that each carries. The portal's files have no package of others.
"""

from __future__ import annotations

import argparse
import tomllib
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cyclonedx.model.license import License

ROOT = Path(__file__).parent.parent
TARGET = ROOT / ".local" / "sbom.cdx.json"
_NAME = "espace-adherent-access"
_LONGEST_NAME_OF_A_LICENCE = 80


class InvalidBill(Exception):
    """The bill does not keep to the schema of CycloneDX; the message has the first fault."""


def carried(built: Path) -> dict[str, list[Distribution]]:
    """Return the distributions that each artifact carries, by the artifact's name.

    Args:
        built: the folder that ``sam build`` has written.
    """
    folders = sorted(folder for folder in built.glob("*") if folder.is_dir())
    return {folder.name: list(distributions(path=[str(folder), str(folder / "python")])) for folder in folders}


def bill_of_materials(artifacts: Mapping[str, Sequence[Distribution]], version: str, now: datetime) -> str:
    """Return the bill as JSON.

    Args:
        artifacts: the distributions that each artifact carries.
        version: the version of this service, or the identifier of a deployment.
        now: when the bill is made.

    Raises:
        InvalidBill: a distribution's own metadata do not fit into the schema.
    """
    service = _component(ComponentType.APPLICATION, _NAME, version)
    bill = Bom(metadata=BomMetaData(component=service, timestamp=now))
    parts = [_component(ComponentType.APPLICATION, name, version) for name in artifacts]
    bill.register_dependency(service, parts)
    for part, distributions_of_part in zip(parts, artifacts.values(), strict=True):
        packages = [_package(distribution) for distribution in distributions_of_part]
        bill.components.update([part, *packages])
        bill.register_dependency(part, packages)
    text = JsonV1Dot6(bill).output_as_string(indent=2)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise InvalidBill(str(fault))
    return f"{text}\n"


def _component(kind: ComponentType, name: str, version: str) -> Component:
    return Component(type=kind, name=name, version=version, bom_ref=name)


def _package(distribution: Distribution) -> Component:
    name = canonicalize_name(distribution.name)
    address = PackageURL("pypi", name=name, version=distribution.version)
    return Component(
        name=name,
        version=distribution.version,
        purl=address,
        bom_ref=str(address),
        licenses=_licences(distribution),
    )


def _licences(distribution: Distribution) -> Iterator[License]:
    """Read the licence from what a distribution states of itself: an SPDX expression, a name, or a classifier."""
    metadata = distribution.metadata
    stated = next((metadata[name] for name in ("License-Expression", "License") if name in metadata), "")
    classifiers = [text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier") or () if "License ::" in text]
    if stated and "\n" not in stated and len(stated) <= _LONGEST_NAME_OF_A_LICENCE:
        yield LicenseFactory().make_from_string(stated)
    else:
        yield from map(LicenseFactory().make_from_string, classifiers)


def main(arguments: Sequence[str] | None = None, builds: Path = ROOT / ".local" / "builds") -> None:
    """Run the command.

    Args:
        arguments: those of the command line.
        builds: the builds of ``make run``.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.sbom", description="List what is deployed (CycloneDX).")
    parser.add_argument("built", type=Path, nargs="?", help="what sam build has made; by default for the last make run")
    parser.add_argument("--output", type=Path, default=TARGET, help="the file to write (default: .local/sbom.cdx.json)")
    chosen = parser.parse_args(arguments)
    built = chosen.built or max(builds.glob("*/sam"), key=lambda folder: folder.parent.stat().st_mtime, default=None)
    if built is None or not (built / "template.yaml").exists():
        parser.error("there is nothing built: run make run, or name the folder of sam build")
    artifacts = carried(built)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    chosen.output.parent.mkdir(parents=True, exist_ok=True)
    chosen.output.write_text(bill_of_materials(artifacts, version, datetime.now(UTC)), encoding="utf-8")
    packages = {one.name for found in artifacts.values() for one in found}
    print(f"{chosen.output}: {len(artifacts)} artifacts, {len(packages)} packages.")


if __name__ == "__main__":
    main()
