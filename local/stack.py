"""Starts a local stack, runs it until someone asks to stop, and stops it."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import urllib3

from local.api_import import complete_api
from local.api_proxy import ApiProxy
from local.brand.colours import FOR_TEXT, contrast
from local.build import Target, build
from local.certificate import tls_context
from local.cloud import LocalCloud, free_port, running_cloud
from local.deployment import STACK_NAME, deploy
from local.environment import REGION, tool_environment
from local.errors import CloudFailed
from local.example import Example
from local.front import HOST, front, listening_socket, neighbouring_socket, serving
from local.inbox import Inbox
from local.inbox_pages import InboxPages
from local.pages import Pages
from local.portal_files import security_headers
from local.portal_site import SiteFolder, SiteSources
from local.print_provider import running_print_provider
from local.processes import Tools, failure
from local.samples import import_members, sample_pins, set_pins
from local.state import StateFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from local.brand.folder import Brand
    from local.deployment import Deployment
    from local.progress import Progress
    from local.stopping import StopRequest

PROJECT = Path(__file__).parents[1]
CLOUD_PYTHON = PROJECT / ".local" / "cloud" / "bin" / "python"
_WHITE = "#ffffff"
_POLL_SECONDS = 1.0
_SENT_EMAILS = "/_ministack/ses/messages"
_RESPONSE_TIMEOUT_SECONDS = 40


@dataclass(frozen=True)
class Options:
    """The options of the command.

    Attributes:
        port: the port of the stack; 0 for any free port.
        cloud_port: the port of the local cloud; 0 for any free port.
        state: the folder for the state of this stack.
        builds: the folder of builds, which stacks can share.
        parameters: those of the template that differ from its defaults.
        brand: the folder of the portal's brand; None for the example.
    """

    port: int
    cloud_port: int
    state: Path
    builds: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    brand: Path | None = None


@dataclass(frozen=True)
class Addresses:
    """The addresses of a stack, under the names of ``stack.json``."""

    api_url: str
    portal_url: str
    inbox_url: str
    example_url: str
    secure_portal_url: str

    @classmethod
    def at(cls, port: int, example_port: int) -> Addresses:
        """Derive the addresses from the ports of the stack and of the example of another front-end."""
        origin, example = f"http://localhost:{port}", f"http://localhost:{example_port}"
        secure = f"https://localhost:{port}/"
        return cls(f"{origin}/v1", f"{origin}/", f"{origin}/inbox", f"{example}/", secure)

    @property
    def messages_url(self) -> str:
        """The list of sent messages."""
        return f"{self.inbox_url}/messages.json"


@dataclass(frozen=True)
class RunningStack:
    """A stack that responds.

    Attributes:
        addresses: where it responds.
        cloud: the cloud behind it.
        deployment: the deployment at its start.
        tools: runs ``sam`` for another deployment.
        scratch: the folder for temporary files.
        direct_api_to: leads the API's address to another deployment.
    """

    addresses: Addresses
    cloud: LocalCloud
    deployment: Deployment
    tools: Tools
    scratch: Path
    direct_api_to: Callable[[Deployment], None]


@contextmanager
def running_stack(options: Options, progress: Progress, stop: StopRequest) -> Generator[RunningStack]:
    """Run a stack: inside the context all of it responds; after it, no process is left.

    Raises:
        LocalStackError: something failed; every started part is stopped.
        Stopped: someone asked to stop during the start.
    """
    state = StateFolder(options.state)
    target = Target.at_hand()
    with ExitStack() as started:
        listener = started.enter_context(listening_socket(options.port))
        started.enter_context(state.in_use())
        port = listener.getsockname()[1]
        neighbour = started.enter_context(neighbouring_socket(port if options.port else 0))
        example_port = neighbour.getsockname()[1]
        addresses = Addresses.at(port, example_port)
        # Over http and over https.
        origins, others = _both_schemes(f"localhost:{port}"), _both_schemes(f"localhost:{example_port}")
        tls = tls_context(state.path / "localhost.pem")
        cloud_port = options.cloud_port or free_port()
        tools = Tools(tool_environment(os.environ, f"http://{HOST}:{cloud_port}", state.scratch), state.logs, stop)

        brand = SiteSources.of_clone(PROJECT, options.brand).brand
        with progress.step("Building the functions and the layer"):
            template = build(PROJECT, options.builds, target, tools, options.brand)
        with progress.step("Starting the local cloud"):
            cloud = started.enter_context(
                running_cloud(CLOUD_PYTHON, cloud_port, state.scratch, state.logs / "cloud.log", stop)
            )
        provider = started.enter_context(running_print_provider(addresses.api_url))
        with progress.step("Deploying the template"):
            parameters = {"AllowedOrigins": ",".join(others), **own_parameters(brand), **options.parameters}
            deployment = deploy(cloud, template, target, origins[0], provider, parameters, tools)
            complete_api(cloud)
            provider.fill_secret(cloud, deployment.outputs["ProviderSecretArn"])
        known = {
            "endpoint_url": cloud.endpoint_url,
            "region": REGION,
            "stack_name": STACK_NAME,
            "messages_url": addresses.messages_url,
        }
        started.enter_context(state.published(state.cloud_file, known))
        with progress.step("Loading the sample members"):
            import_members(state, tools)
            set_pins(cloud, deployment, sample_pins())

        api = ApiProxy(_api_url(cloud, deployment))
        inbox = Inbox(
            addresses.inbox_url,
            lambda: _sent_emails(cloud),
            provider.letters,
            lambda address: _delete_emails(cloud, address),
            provider.delete,
        )
        headers = security_headers((PROJECT / "template.yaml").read_text("utf-8"), encrypted=False)
        site = SiteFolder(PROJECT, options.brand, deployment.parameters, datetime.now(UTC).date())
        pages = Pages(site, headers)
        started.enter_context(serving(front(api, pages, InboxPages(inbox)), listener, tls))
        started.enter_context(serving(Example(f"//localhost:{port}/v1", origins), neighbour, tls))
        with progress.step("Checking that everything responds"):
            stop.check()
            _check(addresses, cloud)
        started.enter_context(state.published(state.stack_file, asdict(addresses)))
        yield RunningStack(
            addresses, cloud, deployment, tools, state.scratch, lambda newer: api.direct_to(_api_url(cloud, newer))
        )


def own_parameters(brand: Brand) -> dict[str, str]:
    """Return the parameters that follow from a brand: its accent, unless white e-mails could not show it."""
    readable = contrast(brand.accent, _WHITE) >= FOR_TEXT
    return {**brand.local, **({"BrandAccent": brand.accent} if readable else {})}


def keep_running(cloud: LocalCloud, stop: StopRequest) -> None:
    """Wait until someone asks to stop.

    Raises:
        CloudFailed: the local cloud stopped by itself.
    """
    while not stop.wait(_POLL_SECONDS):
        cloud.check()


def _both_schemes(host: str) -> tuple[str, str]:
    """Return the origins of a host and port over http and https."""
    return f"http://{host}", f"https://{host}"


def _api_url(cloud: LocalCloud, deployment: Deployment) -> str:
    return f"{cloud.endpoint_url}/_aws/execute-api/{deployment.outputs['ApiId']}/v1"


def _check(addresses: Addresses, cloud: LocalCloud) -> None:
    expected = (
        f"{addresses.api_url}/.well-known/jwks.json",
        addresses.portal_url,
        addresses.inbox_url,
        addresses.messages_url,
        addresses.example_url,
    )
    for url in expected:
        try:
            status = urllib3.request("GET", url, retries=False, timeout=_RESPONSE_TIMEOUT_SECONDS).status
        except urllib3.exceptions.HTTPError as error:
            raise CloudFailed(failure(f"GET {url} failed: {error}", cloud.log)) from None
        if status != HTTPStatus.OK:
            raise CloudFailed(failure(f"GET {url} returned {status}", cloud.log))


def _sent_emails(cloud: LocalCloud) -> Mapping[str, Any]:
    answer = urllib3.request("GET", cloud.endpoint_url + _SENT_EMAILS, timeout=5)
    messages: Mapping[str, Any] = answer.json()
    return messages


def _delete_emails(cloud: LocalCloud, address: str) -> None:
    urllib3.request("DELETE", cloud.endpoint_url + _SENT_EMAILS, fields={"to": address}, timeout=5)
