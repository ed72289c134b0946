"""Deploys a running stack again with other parameters, and deletes it, as an operator does."""

from __future__ import annotations

import json
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local.api_import import complete_api
from local.deployment import STACK_NAME, described, sam_deploy
from local.errors import CloudFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from local.cloud import LocalCloud
    from local.deployment import Deployment
    from local.processes import Tools

_POLL_SECONDS = 0.2
_DELETED_WITHIN_SECONDS = 60


class Redeployment:
    """Deploys the template as sam packaged it, with every parameter, as ``make deploy`` sends them.

    Args:
        cloud: the local cloud.
        deployment: the first deployment.
        tools: runs ``sam``.
        scratch: the folder for temporary files.
        on_deployed: called with each deployment, such as to find its API.
    """

    def __init__(
        self,
        cloud: LocalCloud,
        deployment: Deployment,
        tools: Tools,
        scratch: Path,
        on_deployed: Callable[[Deployment], None],
    ) -> None:
        self.present = deployment
        self._cloud = cloud
        self._tools = tools
        self._scratch = scratch
        self._on_deployed = on_deployed

    def deploy(self, changed: Mapping[str, str], defaults: Mapping[str, str] | None = None) -> Deployment:
        """Deploy again.

        Args:
            changed: the parameters that differ from the present deployment.
            defaults: defaults that differ in a newer template; ``make deploy`` sends these too.

        Raises:
            ToolFailed: the deployment failed.
            Stopped: someone asked to stop.
        """
        parameters = {**self.present.parameters, **(defaults or {}), **changed}
        # CloudFormation gives SAM's transform the parameters, which decide whether a function gets a new version. The
        # local cloud gives it the defaults of the template.
        for name, value in parameters.items():
            self._template["Parameters"][name]["Default"] = value
        template, sent = self._scratch / "template.yaml", self._scratch / "parameters.yaml"
        # JSON is YAML.
        template.write_text(json.dumps(self._template), encoding="ascii")
        sent.write_text(json.dumps(parameters), encoding="ascii")
        sam_deploy(template, [f"file://{sent}"], self._tools)
        complete_api(self._cloud)
        self.present = described(self._cloud)
        self._on_deployed(self.present)
        return self.present

    def delete(self) -> None:
        """Delete the stack; what the template retains remains, and ``deploy`` can come back to it.

        Raises:
            CloudFailed: the stack is still there after a minute.
        """
        assert self._template
        self._cloud.cloudformation.delete_stack(StackName=STACK_NAME)
        deadline = time.monotonic() + _DELETED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            pages = self._cloud.cloudformation.get_paginator("list_stacks").paginate()
            statuses = {one["StackStatus"] for page in pages for one in page["StackSummaries"]}
            if statuses <= {"DELETE_COMPLETE"}:
                return
            time.sleep(_POLL_SECONDS)
        raise CloudFailed(f"The stack is not deleted: {', '.join(sorted(statuses))}. Read {self._cloud.log}.")

    @cached_property
    def _template(self) -> Any:  # noqa: ANN401 - a template, with its intrinsic functions
        body: Any = self._cloud.cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Original")
        return body["TemplateBody"]
