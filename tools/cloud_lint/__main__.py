"""Checks the template of SAM with sam validate, and every deployment with cfn-lint and checkov.

It fails on a finding, and on a suppression that nothing needs.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.template import ROOT
from tools.cloud_lint.deployed import REGION, deployments
from tools.cloud_lint.linters import LinterFailed, run_cfn_lint, run_checkov, run_sam_validate
from tools.cloud_lint.suppressions import FILE, BadSuppression, needless, read_suppressions, unsuppressed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.cloud_lint.deployed import Deployed
    from tools.cloud_lint.findings import Finding


def all_findings(deployed: Sequence[Deployed], folder: Path) -> list[Finding]:
    """Run the linters at once, cfn-lint on the templates as they are sent and checkov on those without conditions.

    Args:
        deployed: the templates.
        folder: an empty folder for their files.

    Raises:
        LinterFailed: a linter did not check what it was given.
    """
    regions = {one.region for one in deployed}
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(run_checkov, {one.name: one.settled() for one in deployed}, folder / "checkov")]
        runs.append(pool.submit(run_sam_validate, ROOT / "template.yaml", REGION, folder / "sam"))
        for region in sorted(regions):
            bodies = {one.name: one.body for one in deployed if one.region == region}
            runs.append(pool.submit(run_cfn_lint, bodies, region, folder / region))
        return [finding for run in runs for finding in run.result()]


def main() -> int:
    """Check, and print what is found.

    Returns:
        0 if nothing is found and every suppression is needed, 1 otherwise.
    """
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    started = time.monotonic()
    try:
        suppressions = read_suppressions(FILE.read_text("utf-8"))
        deployed = deployments()
        with tempfile.TemporaryDirectory() as folder:
            findings = all_findings(deployed, Path(folder))
    except (BadSuppression, LinterFailed) as error:
        print(error, file=sys.stderr)
        return 1
    left = unsuppressed(findings, suppressions)
    unneeded = needless(findings, suppressions)
    for finding in left:
        print(f"{finding.shape}: {finding.check} on {finding.subject} ({finding.kind}): {finding.message}")
    for one in unneeded:
        print(f"{FILE.name}: nothing needs the suppression of {one}")
    print(
        f"{len(deployed)} deployments in {time.monotonic() - started:.0f} s: {len(left)} findings; "
        f"{len(set(findings)) - len(left)} suppressed for {len(suppressions)} reasons"
    )
    return 1 if left or unneeded else 0


if __name__ == "__main__":
    sys.exit(main())
