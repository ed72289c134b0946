"""The managed policies of the template, as IAM reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulators.template import project_template

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from simulators.template import Statement

MOST_CHARACTERS = 6144
"""Of a managed policy, without white space (IAM User Guide, "IAM and AWS STS quotas")."""


def statements_on(cloud: Cloud, policy: str) -> list[Statement]:
    """Return the statements of a policy on resources as the calls of this cloud name them."""
    template = project_template()
    known = {f"{name}.Arn": table for name, table in cloud.tables.items()}
    known |= {f"{name}.Arn": key for name, key in cloud.keys.items()}
    others = {f"{name}.{attribute}": name for name in template.body["Resources"] for attribute in ("Arn", "Id")}
    return template.managed_policy_statements(policy, {**others, **known})


def size_of(policy: str) -> int:
    """Count the characters of a policy; no ARN here has more than 110, if the stack's name has 24."""
    template = project_template()
    resources = template.body["Resources"]
    arns = {f"{name}.{attribute}": "x" * 110 for name in resources for attribute in ("Arn", "Id")}
    document = template.resolve(resources[policy]["Properties"]["PolicyDocument"], arns)
    return len(json.dumps(document, separators=(",", ":")))
