"""Checks before anything is built: origin, examples, brand, commit, the Python of the build, the AWS account."""

from __future__ import annotations

import re
import string
import subprocess
from typing import TYPE_CHECKING

from local.brand import colours
from local.brand.examples import example_parts
from local.brand.folder import STYLES, BrandRefused
from local.portal_site import EXAMPLE_BRAND, SiteSources
from tools.deployment.portal import NotPublished, committed_portal
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mypy_boto3_sts import STSClient

    from tools.deployment.environments import Environment

# CloudFront uses this very host, and the tokens' issuer contains it; only a local stack has http:// and a port.
_ORIGIN = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+")
# Hosts of RFC 2606, telephone numbers that Arcep keeps for fiction, accounts of AWS's documents, the template's words.
_EXAMPLE = re.compile(
    r"\.example\b|exemple|\b01 99 00\b|\b99999\b|:(111122223333|444455556666|123456789012):|0{8}-0{4}-", re.IGNORECASE
)

_OTHER_EMAILS = 2
"""The calls at once of the queue of e-mails without codes, as the template limits them."""


def check_origin(environment: str, origin: str) -> None:
    """Reject an origin without HTTPS, or that CloudFront would reject during the deployment.

    Raises:
        DeployRefused: the origin is missing, or is not just ``https://`` and a host name.
    """
    if not _ORIGIN.fullmatch(origin):
        raise DeployRefused(
            f"PublicOrigin must be https:// and a host name in lower case, without a port or a path. For "
            f"{environment}, samconfig.toml says {origin or 'nothing'}."
        )


def check_examples(parameters: Mapping[str, str]) -> None:
    """Reject values in production that are only examples: letters cost money, and members call the number.

    Raises:
        DeployRefused: it names the parameters.
    """
    if parameters["Environment"] != "production":
        return
    if examples := sorted(name for name, value in parameters.items() if _EXAMPLE.search(value)):
        raise DeployRefused(f"These values are examples; set your own in samconfig.toml: {', '.join(examples)}.")
    needed = ["AlarmTopicArn", *(["EdgeAlarmTopicArn"] if parameters["HostPortal"] == "true" else [])]
    if empty := [name for name in needed if not parameters[name]]:
        raise DeployRefused(f"Set {' and '.join(empty)}: in production someone must get the alarms.")


def check_brand(root: Path, brand: Path | None, environment: str) -> None:
    """Reject a brand that makes no readable portal, and examples in production: members read them.

    Args:
        root: the folder of the clone.
        brand: the folder of the brand; None for the example.
        environment: the parameter ``Environment``.

    Raises:
        DeployRefused: it names all of it.
    """
    example = root / EXAMPLE_BRAND
    folder = brand or example
    try:
        SiteSources.read(root, committed_portal(root), folder)
    except (BrandRefused, NotPublished) as refused:
        raise DeployRefused(str(refused)) from refused
    if environment == "production" and (left := list(example_parts(folder, example))):
        named = "\n  ".join(left)
        raise DeployRefused(
            f"The portal's brand is an example. Copy portal/brand to a folder of your own, name it as brand in "
            f"samconfig.toml (docs/branding.md), and replace:\n  {named}"
        )


def differing_accent(folder: Path, accent: str) -> Iterator[str]:
    """Yield a warning if e-mails and letters have another colour than the portal.

    Args:
        folder: the brand, which was checked if the portal is hosted.
        accent: the parameter ``BrandAccent``.
    """
    styles = folder / STYLES
    own = colours.tokens(styles.read_text("utf-8"))["light"].get("accent") if styles.is_file() else None
    if own and colours.spelt_out(own) != accent.lower():
        yield f"Warning: BrandAccent is {accent}, but --accent of {styles} is {own} by day. E-mails and letters differ."


def check_topics(parameters: Mapping[str, str], regions: Mapping[str, str]) -> None:
    """Reject a topic of another region than that of its alarms: CloudWatch would reject it during the deployment.

    Args:
        parameters: those that are sent.
        regions: the region of the alarms, by the parameter that names their topic.

    Raises:
        DeployRefused: it names the parameter.
    """
    for name, region in regions.items():
        if (topic := parameters[name]) and f":sns:{region}:" not in topic:
            raise DeployRefused(f"{name} must be a topic in {region}, as its alarms. samconfig.toml says {topic}.")


def check_unknown_identifier(parameters: Mapping[str, str]) -> None:
    """Reject an identifier of no member that the functions do not take: each check of a new version would fail.

    Raises:
        DeployRefused: ``IdentifierPattern`` does not match it with every digit in the place of its nines.
    """
    identifier, pattern = parameters["UnknownIdentifier"], parameters["IdentifierPattern"]
    if not all(re.fullmatch(pattern, identifier.replace("9", digit)) for digit in string.digits):
        raise DeployRefused(
            f"IdentifierPattern does not match UnknownIdentifier ({identifier}) with other digits in the place of its "
            "nines, so the check of new versions would fail. Set one that matches, and that no member has."
        )


def check_reserved_concurrency(parameters: Mapping[str, str]) -> None:
    """Reject a reserve of the e-mails function below what its queues call at once: Lambda would throttle the rest.

    Raises:
        DeployRefused: ``ReservedConcurrencyForQueues`` is neither 0 nor enough.
    """
    reserved, needed = int(parameters["ReservedConcurrencyForQueues"]), int(parameters["EmailsAtOnce"]) + _OTHER_EMAILS
    if 0 < reserved < needed:
        raise DeployRefused(
            f"ReservedConcurrencyForQueues is {reserved}; the queues of e-mails use {needed} (EmailsAtOnce plus "
            f"{_OTHER_EMAILS}). Set it to 0, or to {needed} or more."
        )


def check_committed(root: Path) -> None:
    """Refuse to deploy uncommitted changes, and files that git does not know.

    Raises:
        DeployRefused: the work tree has either, or is not a clone of a git repository.
    """
    status = subprocess.run(
        ["git", "status", "--porcelain", "-z"], cwd=root, capture_output=True, text=True, check=False
    )
    if status.returncode:
        raise DeployRefused("Deploy from a clone of the git repository, so that a commit identifies what is deployed.")
    entries = [entry for entry in status.stdout.split("\0") if entry]
    untracked = [entry[3:] for entry in entries if entry.startswith("?? ")]
    if len(untracked) < len(entries):
        raise DeployRefused(
            "The work tree has uncommitted changes (see git status). Commit them first, "
            "so that a commit identifies what is deployed."
        )
    if untracked:
        raise DeployRefused(
            f"Git does not know {', '.join(untracked)}. Move such files out of the clone, or name them in .gitignore. "
            "Never commit data of members or credentials."
        )


def commit_of(root: Path) -> str:
    """Return the hash of the current commit of a clone."""
    shown = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
    return shown.stdout.strip()


def check_python(runtime: str, variables: Mapping[str, str]) -> None:
    """Refuse to build without the Python of the functions: Lambda loads only bytecode of its own version.

    Args:
        runtime: the parameter ``Runtime``, which is the name of the program too.
        variables: the environment variables of the build.

    Raises:
        DeployRefused: this Python does not start.
    """
    try:
        # A program of this name may be a shim that starts nothing.
        found = subprocess.run([runtime, "--version"], env=dict(variables), capture_output=True, check=False)
    except OSError:
        found = None
    if found is None or found.returncode:
        raise DeployRefused(
            f"{runtime} does not start here. Install it, or deploy another Runtime: Lambda loads only bytecode of its "
            "own version."
        )


def check_account(environment: Environment, sts: STSClient) -> None:
    """Reject credentials of another account than the environment's.

    Raises:
        DeployRefused: the account is another one.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or there are no
            credentials.
    """
    account = sts.get_caller_identity()["Account"]
    if account != environment.account:
        raise DeployRefused(
            f"You are signed in to the AWS account {account}, but {environment.name} belongs to {environment.account} "
            "(account in samconfig.toml)."
        )
