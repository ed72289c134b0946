"""Deploys a running stack again with other parameters, and deletes it, as an operator does."""

from __future__ import annotations

import json
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_parse

from local.api_import import complete_api
from local.deployment import STACK_NAME, described, sam_deploy
from local.errors import CloudFailed
from tools.deployment.parameters import write_parameters
from tools.deployment.stamp import stamped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.stack import RunningStack

_POLL_SECONDS = 0.2
_DELETED_WITHIN_SECONDS = 60


class Redeployment:
    """Deploys the template as sam packaged it, stamped and with every parameter, as ``make deploy`` does.

    Args:
        stack: the running stack.
    """

    def __init__(self, stack: RunningStack) -> None:
        self.present = stack.deployment
        self._stack = stack

    def deploy(self, changed: Mapping[str, str], defaults: Mapping[str, str]) -> None:
        """Deploy again.

        Args:
            changed: the parameters that differ from the present deployment.
            defaults: those that differ in a newer template; ``make deploy`` sends them too.

        Raises:
            ToolFailed: the deployment failed.
            Stopped: someone asked to stop.
        """
        parameters = {**self.present.parameters, **defaults, **changed}
        for name, value in defaults.items():
            self._template["Parameters"][name]["Default"] = value
        template = self._stack.scratch / "template.yaml"
        # JSON is YAML.
        template.write_text(json.dumps(stamped(self._template, parameters)), encoding="ascii")
        sent = write_parameters(parameters, self._stack.scratch / "parameters.yaml")
        sam_deploy(template, [sent], self._stack.tools)
        complete_api(self._stack.cloud)
        self.present = described(self._stack.cloud)
        self._stack.direct_api_to(self.present)

    def delete(self) -> None:
        """Delete the stack; what the template retains remains, and ``deploy`` can come back to it.

        Raises:
            CloudFailed: the stack is still there after a minute.
        """
        self._template  # noqa: B018 - a deleted stack has none
        self._stack.cloud.cloudformation.delete_stack(StackName=STACK_NAME)
        deadline = time.monotonic() + _DELETED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            pages = self._stack.cloud.cloudformation.get_paginator("list_stacks").paginate()
            statuses = {one["StackStatus"] for page in pages for one in page["StackSummaries"]}
            if statuses <= {"DELETE_COMPLETE"}:
                return
            time.sleep(_POLL_SECONDS)
        raise CloudFailed(f"The stack is not deleted: {', '.join(sorted(statuses))}. Read {self._stack.cloud.log}.")

    @cached_property
    def _template(self) -> Any:  # noqa: ANN401 - a template, with its intrinsic functions
        packaged: Any = self._stack.cloud.cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Original")
        return yaml_parse(packaged["TemplateBody"])
