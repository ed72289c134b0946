"""Runs cfn-lint with informational rules, sam validate with the same, and checkov, and reads their reports."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from simulators.template import ROOT, Node
from tools.cloud_lint.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CFN_LINT: Final = ROOT / ".venv" / "bin" / "cfn-lint"
SAM: Final = ROOT / ".venv" / "bin" / "sam"
CHECKOV: Final = ROOT / ".local" / "cloud-lint" / "bin" / "checkov"

Bodies: TypeAlias = "Mapping[str, Mapping[str, Node]]"
"""Templates by the name of their shape."""
Report: TypeAlias = Any
"""The JSON of a linter."""


SOURCE: Final = "source"
"""The shape of a template of SAM before its expansion."""
_MATCH_OF_SAM: Final = re.compile(r"\[(?P<check>[EWI]\d{4}): [^]]*\] \((?P<message>.*?)\) matched \d+")


class LinterFailed(Exception):
    """A linter did not check what it was given."""


def run_cfn_lint(bodies: Bodies, region: str, folder: Path) -> list[Finding]:
    """Check templates of one region with cfn-lint, informational rules included.

    Args:
        bodies: the templates.
        region: where they are deployed.
        folder: a new folder for their files.

    Raises:
        LinterFailed: cfn-lint did not report.
    """
    options = ("--include-checks", "I", "--regions", region, "--format", "json", "--")
    return findings_of_cfn_lint(_report(CFN_LINT, options, _written(bodies, folder)), bodies)


def findings_of_cfn_lint(report: Report, bodies: Bodies) -> list[Finding]:
    """Read the report of cfn-lint."""
    findings = []
    for match in report:
        shape = PurePath(match["Filename"]).stem
        section, subject, *_ = [*map(str, match["Location"]["Path"] or ()), "Template", "Template"]
        kind = bodies[shape]["Resources"][subject]["Type"] if subject in bodies[shape]["Resources"] else section
        findings.append(Finding(match["Rule"]["Id"], kind, subject, shape, match["Message"]))
    return findings


def run_sam_validate(template: Path, region: str, folder: Path) -> list[Finding]:
    """Check a template of SAM with ``sam validate --lint``, informational rules included.

    Args:
        template: the template.
        region: where it is deployed.
        folder: a new folder for settings: sam has no option for these rules, but cfn-lint reads the current folder.

    Raises:
        LinterFailed: sam did not check it.
    """
    folder.mkdir()
    (folder / ".cfnlintrc").write_text("include_checks: [I]\n", encoding="utf-8")
    ran = _run([SAM, "validate", "--lint", "--region", region, "--template", template], folder)
    return findings_of_sam(ran.stdout + ran.stderr, template.name, ran.returncode)


def findings_of_sam(printed: str, template: str, status: int) -> list[Finding]:
    """Read what ``sam validate --lint`` printed: rules without their places.

    Raises:
        LinterFailed: sam ended with an error for another reason.
    """
    found = {
        Finding(match["check"], template, template, SOURCE, match["message"])
        for match in _MATCH_OF_SAM.finditer(printed)
    }
    if status and not found:
        raise LinterFailed(f"sam did not check {template}:\n{printed}")
    return sorted(found)


def run_checkov(bodies: Bodies, folder: Path) -> list[Finding]:
    """Check templates with checkov.

    Args:
        bodies: the templates.
        folder: a new folder for their files.

    Raises:
        LinterFailed: checkov did not report, or did not read every resource.
    """
    options = ("--framework", "cloudformation", "--skip-download", "--output", "json", "--compact", "--quiet", "--file")
    return findings_of_checkov(_report(CHECKOV, options, _written(bodies, folder)), bodies)


def findings_of_checkov(report: Report, bodies: Bodies) -> list[Finding]:
    """Read the report of checkov.

    Raises:
        LinterFailed: checkov did not read every resource, so that its silence says nothing.
    """
    read, given = report["summary"]["resource_count"], sum(len(body["Resources"]) for body in bodies.values())
    if report["summary"]["parsing_errors"] or read != given:
        raise LinterFailed(f"checkov read {read} of {given} resources.")
    findings = []
    for failed in report["results"]["failed_checks"]:
        kind, _, subject = failed["resource"].rpartition(".")
        shape = PurePath(failed["file_path"]).stem
        findings.append(Finding(failed["check_id"], kind, subject, shape, failed["check_name"]))
    return findings


def _written(bodies: Bodies, folder: Path) -> list[Path]:
    folder.mkdir()
    files = []
    for shape, body in bodies.items():
        files.append(folder / f"{shape}.json")
        files[-1].write_text(json.dumps(body, indent=1, ensure_ascii=False), encoding="utf-8")
    return files


def _report(program: Path, options: Sequence[str], files: Sequence[Path]) -> Report:
    """Run a linter in the folder of its files, where no settings are, and read its report.

    Raises:
        LinterFailed: it printed none.
    """
    ran = _run([program, *options, *files], files[0].parent)
    try:
        return json.loads(ran.stdout)
    except ValueError:
        raise LinterFailed(f"{program.name} printed no report:\n{ran.stdout}{ran.stderr}") from None


def _run(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    # checkov reads LOG_LEVEL.
    environment = {**os.environ, "LOG_LEVEL": "ERROR", "SAM_CLI_TELEMETRY": "0"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
