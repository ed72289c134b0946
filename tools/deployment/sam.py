"""Runs ``sam build`` and ``sam deploy`` for one environment."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.deployment.parameters import build_variables, write_parameters
from tools.deployment.stacks import EDGE_REGION
from tools.deployment.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BUILT = ".aws-sam/build"
"""The folder that sam build writes and sam deploy reads."""


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

    def deploy(self, environment: str, parameters: Mapping[str, str], attempt: str = "") -> int:
        """Build and deploy for the runtime and the processor that the parameters say.

        Args:
            environment: its name in ``samconfig.toml``.
            parameters: all parameters of the template.
            attempt: another text after each deployment that failed.

        Returns:
            The exit status of sam: 0 if deployed.

        Raises:
            DeployRefused: sam would change a parameter.
        """
        options = self._options(environment, environment, parameters)
        variables = build_variables(parameters)
        if status := self._run("build", *options, **variables):
            return status
        stamp(self.root / BUILT / "template.yaml", parameters, attempt)
        return self._run("deploy", *options, *self._confirm, **variables)

    def deploy_edge(self, environment: str, stack_name: str, parameters: Mapping[str, str]) -> int:
        """Deploy ``edge.yaml``, which has nothing to build, with the other settings of the environment.

        Args:
            environment: its name in ``samconfig.toml``.
            stack_name: the stack in us-east-1.
            parameters: all parameters of that template.

        Returns:
            The exit status of sam: 0 if deployed.

        Raises:
            DeployRefused: sam would change a parameter.
        """
        options = self._options(environment, stack_name, parameters)
        where = ["--template-file", "edge.yaml", "--stack-name", stack_name, "--region", EDGE_REGION]
        # The template is sent in the call itself: the bucket is in another region.
        return self._run("deploy", *options, *where, "--no-resolve-s3", "--s3-bucket", "", *self._confirm)

    @property
    def _confirm(self) -> list[str]:
        return ["--no-confirm-changeset"] if self.confirmed else []

    def _options(self, environment: str, file: str, parameters: Mapping[str, str]) -> list[str]:
        overrides = write_parameters(parameters, self.root / ".local" / f"parameters-{file}.yaml")
        return ["--config-env", environment, "--parameter-overrides", overrides]

    def _run(self, *command: str, **variables: str) -> int:
        settled = {**self.variables, **variables}
        return subprocess.run(["sam", *command], cwd=self.root, env=settled, check=False).returncode
