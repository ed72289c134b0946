"""Runs ``sam build`` and ``sam deploy`` for one environment."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.deployment.parameters import build_variables, write_parameters
from tools.deployment.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BUILT = ".aws-sam/build/template.yaml"
"""What sam build writes and sam deploy reads."""


@dataclass(frozen=True)
class Sam:
    """The program ``sam``.

    Attributes:
        root: the folder of ``samconfig.toml`` and ``template.yaml``.
        variables: the environment variables, AWS credentials included.
        confirmed: whether someone has agreed to the change set, so that sam does not ask.
    """

    root: Path
    variables: Mapping[str, str]
    confirmed: bool = False

    def deploy(self, environment: str, parameters: Mapping[str, str]) -> int:
        """Build and deploy for the runtime and the processor that the parameters say.

        Args:
            environment: its name in ``samconfig.toml``.
            parameters: all parameters of the template.

        Returns:
            The exit status of sam: 0 if deployed.

        Raises:
            DeployRefused: sam would change a parameter.
        """
        overrides = write_parameters(parameters, self.root / ".local" / f"parameters-{environment}.yaml")
        confirm = ["--no-confirm-changeset"] if self.confirmed else []
        variables = {**self.variables, **build_variables(parameters)}

        def run(*action: str) -> int:
            command = ["sam", *action, "--config-env", environment, "--parameter-overrides", overrides]
            return subprocess.run(command, cwd=self.root, env=variables, check=False).returncode

        if status := run("build"):
            return status
        stamp(self.root / _BUILT, parameters)
        return run("deploy", *confirm)
