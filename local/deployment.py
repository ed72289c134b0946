"""Deploys the real template to the local cloud by ``sam deploy``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.environment import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.build import Target
    from local.cloud import LocalCloud
    from local.print_provider import LocalPrintProvider
    from local.processes import Tools

STACK_NAME = "local"
_BUCKET = "artifacts"
_SAMCONFIG = Path(__file__).parents[1] / "samconfig.toml"


@dataclass(frozen=True)
class Deployment:
    """The parameters of a deployed stack, defaults included, and its outputs."""

    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


def deploy(  # noqa: PLR0913, PLR0917 - all that a deployment depends on
    cloud: LocalCloud, template: Path, target: Target, public_origin: str, provider: LocalPrintProvider, tools: Tools
) -> Deployment:
    """Deploy a built template.

    Args:
        cloud: the local cloud.
        template: the template that ``build`` returned.
        target: the target of that build.
        public_origin: the scheme and host of the API for browsers.
        provider: prints the letters.
        tools: runs ``sam``.

    Raises:
        ToolFailed: the deployment failed.
        Stopped: someone asked to stop.
    """
    # Otherwise sam would create a bucket by a stack of its own, and wait for it.
    cloud.s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    tools.run(
        "The deployment failed",
        [
            *("sam", "deploy", "--template-file", template),
            *("--config-file", _SAMCONFIG, "--config-env", "local"),
            *("--stack-name", STACK_NAME, "--s3-bucket", _BUCKET, "--region", REGION),
            "--parameter-overrides",
            "Environment=local",
            f"PublicOrigin={public_origin}",
            f"Runtime={target.runtime}",
            f"Architecture={target.architecture}",
            "LetterProvider=maileva",
            f"MailevaApiUrl={provider.url}",
            f"MailevaTokenUrl={provider.token_url}",
        ],
        log="deploy.log",
    )
    (stack,) = cloud.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    return Deployment(
        parameters={one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
        outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
    )
