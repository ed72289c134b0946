"""Runs ``sam build`` and ``sam deploy`` for one environment."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.deployment.parameters import build_variables, write_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
        for action in (["build"], ["deploy", *confirm]):
            status = subprocess.run(
                ["sam", *action, "--config-env", environment, "--parameter-overrides", overrides],
                cwd=self.root,
                env={**self.variables, **build_variables(parameters)},
                check=False,
            ).returncode
            if status:
                return status
        return 0
