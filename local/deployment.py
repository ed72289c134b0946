"""Deploys the real template to the local cloud by ``sam deploy``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.environment import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    cloud: LocalCloud,
    template: Path,
    target: Target,
    public_origin: str,
    provider: LocalPrintProvider,
    chosen: Mapping[str, str],
    tools: Tools,
) -> Deployment:
    """Deploy a built template.

    Args:
        cloud: the local cloud.
        template: the template that ``build`` returned.
        target: the target of that build.
        public_origin: the scheme and host of the API for browsers.
        provider: prints the letters.
        chosen: further parameters that differ from the template's defaults.
        tools: runs ``sam``.

    Raises:
        ToolFailed: the deployment failed.
        Stopped: someone asked to stop.
    """
    # Otherwise sam would create a bucket by a stack of its own, and wait for it.
    cloud.s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    parameters = {
        "Environment": "local",
        "PublicOrigin": public_origin,
        "Runtime": target.runtime,
        "Architecture": target.architecture,
        "LetterProvider": "maileva",
        "MailevaApiUrl": provider.url,
        "MailevaTokenUrl": provider.token_url,
        **chosen,
    }
    sam_deploy(template, written(parameters), tools)
    return described(cloud)


def written(parameters: Mapping[str, str]) -> list[str]:
    """Write parameters as arguments of sam, which cuts a value at a blank outside quotation marks."""
    return [f'{name}="{value}"' for name, value in parameters.items()]


def sam_deploy(template: Path, overrides: Sequence[str], tools: Tools) -> None:
    """Run ``sam deploy``.

    Args:
        template: a template that sam built or packaged.
        overrides: the parameters that differ from those of the stack, in one of sam's notations.
        tools: runs ``sam``.

    Raises:
        ToolFailed: the deployment failed.
        Stopped: someone asked to stop.
    """
    tools.run(
        "The deployment failed",
        [
            *("sam", "deploy", "--template-file", template),
            *("--config-file", _SAMCONFIG, "--config-env", "local"),
            *("--stack-name", STACK_NAME, "--s3-bucket", _BUCKET, "--region", REGION),
            *("--parameter-overrides", *overrides),
        ],
        log="deploy.log",
    )


def described(cloud: LocalCloud) -> Deployment:
    """Describe the deployed stack."""
    (stack,) = cloud.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    return Deployment(
        parameters={one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
        outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
    )
