"""A scene to send letters in: a provider's adapter and its fake, a store, a clock, and one letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Protocol

from letters.giving_up import Postponed, SendResult
from letters.model.job import LeaseHolder, LetterId, LetterJob, ProviderCode, ProviderName
from letters.model.job_store import LetterJobs
from letters.model.print_provider import Letter
from letters.page.geometry import MAILEVA, PINGEN_RIGHT
from letters.page.typesetting import LetterTypesetter
from letters.providers.api import ClientCredentials, CredentialSource
from letters.providers.maileva.adapter import Maileva, MailevaSettings
from letters.providers.pingen.adapter import Pingen, PingenSettings
from letters.reconciliation import Reconciliation, ReconciliationPolicy
from letters.sending import LetterSender
from member_access.members.pseudonyms import Pseudonym
from member_access.outbox.letter_job_item import LetterRequest
from member_access.values.types import Identifier, Instant, Secret
from simulators.clock import Clock
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.maileva_server import TOKEN_PATH as MAILEVA_TOKEN_PATH
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.pingen_server import TOKEN_PATH as PINGEN_TOKEN_PATH
from simulators.print_providers.pingen_server import FakePingen
from simulators.samples.letters import INSURER, REQUESTED_AT, address, code_letter
from tests.support.letter_jobs_in_memory import InMemoryLetterJobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job import JobState
    from letters.model.observer import Attention
    from letters.model.print_provider import NotWanted, PrintProvider
    from letters.providers.http_client import HttpRequest, HttpResponse, Transport
    from member_access.postal.address_block import AddressBlock
    from simulators.print_providers.fake_provider import FakeProvider
    from simulators.print_providers.faults import FaultSource

LETTER_ID = LetterId("0123456789abcdef0123456789abcdef")
MEMBER = Identifier("EXEMPLE1")
SUBJECT = Pseudonym("5" * 32)
OWNER = "exemple-staging"
DAY = 24 * 3600
LEASE_SECONDS = 120
REDELIVERY_SECONDS = 360
"""The queue's visibility timeout: six times a function's timeout of a minute."""


def credentials(client_id: str, *client_secrets: str) -> CredentialSource:
    """Credentials whose secret changes to the next one when they are invalidated."""
    remaining = list(client_secrets)
    return CredentialSource(
        read=lambda: ClientCredentials(client_id, Secret(remaining[0])),
        invalidate=lambda: remaining.pop(0) if len(remaining) > 1 else None,
    )


@dataclass
class RecordingObserver:
    changes: list[tuple[LetterId, JobState, ProviderCode]] = field(default_factory=list)
    attentions: list[tuple[LetterId, Attention]] = field(default_factory=list)
    logged: list[tuple[str, LetterId | None, ProviderCode | None]] = field(default_factory=list)

    def will_change(self, job: LetterJob, state: JobState, code: ProviderCode) -> None:
        self.changes.append((job.letter_id, state, code))

    def needs_attention(self, job: LetterJob, attention: Attention) -> None:
        self.attentions.append((job.letter_id, attention))

    def log(self, what: str, *, letter_id: LetterId | None, code: ProviderCode | None = None) -> None:
        self.logged.append((what, letter_id, code))


class OpenedJobs(LetterJobs, Protocol):
    """A store in which a test may open jobs."""

    def open(self, request: LetterRequest) -> None: ...


class Quota:
    """A daily quota in memory."""

    def __init__(self, letters: int) -> None:
        self.left = letters
        self._reserved: set[LetterId] = set()

    def reserve(self, job: LetterJob, now: Instant, *, has_email: bool) -> bool:  # noqa: ARG002 - one day is like another
        if job.letter_id not in self._reserved and self.left:
            self._reserved.add(job.letter_id)
            self.left -= 1
        return job.letter_id in self._reserved


def letter_request(now: Instant, letter_id: LetterId = LETTER_ID, member: Identifier = MEMBER) -> LetterRequest:
    return LetterRequest(
        request_id=letter_id.request_id,
        identifier=member,
        subject=SUBJECT,
        requested_at=now,
        code_expires_at=Instant(now + 21 * DAY),
        post_by=Instant(now + 13 * DAY),
    )


@cache
def page(provider: ProviderName) -> bytes:
    """A real page, with the window that the provider wants."""
    window = MAILEVA if provider is ProviderName.MAILEVA else PINGEN_RIGHT
    return LetterTypesetter(INSURER, window).typeset(code_letter())


ADDRESS = address()


def letter(provider: ProviderName, letter_id: LetterId = LETTER_ID, to: AddressBlock = ADDRESS) -> Letter:
    return Letter(letter_id, to, lambda: page(provider))


@dataclass
class Scene:
    """``connect`` makes the adapter with a transport, as every new function container does."""

    name: ProviderName
    fake: FakeProvider
    clock: Clock
    connect: Callable[[Transport], PrintProvider]
    jobs: OpenedJobs = field(default_factory=InMemoryLetterJobs)
    quota: Quota = field(default_factory=lambda: Quota(1_000_000))
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    queued: list[LetterId] = field(default_factory=list)
    holders: count[int] = field(default_factory=count)

    def open(self, letter_id: LetterId = LETTER_ID) -> None:
        self.jobs.open(letter_request(self.clock.time, letter_id))

    def provider(self) -> PrintProvider:
        return self.connect(in_process(self.fake))

    def sender(
        self,
        provider: PrintProvider | None = None,
        jobs: LetterJobs | None = None,
        letter_for: Callable[[LetterJob], Letter | NotWanted] | None = None,
    ) -> LetterSender:
        return LetterSender(
            jobs=jobs or self.jobs,
            provider=provider or self.provider(),
            letter_for=letter_for or (lambda job: letter(self.name, job.letter_id)),
            reserve_quota=self.quota.reserve,
            observer=self.observer,
            lease_seconds=LEASE_SECONDS,
        )

    def holder(self) -> LeaseHolder:
        return LeaseHolder(f"delivery-{next(self.holders)}")

    def deliver(self, sender: LetterSender | None = None, letter_id: LetterId = LETTER_ID) -> SendResult:
        return (sender or self.sender()).send(letter_id, self.holder(), self.clock.time)

    def deliver_until_done(self, letter_id: LetterId = LETTER_ID) -> SendResult:
        sender = self.sender()
        for _ in range(100):
            result = self.deliver(sender, letter_id)
            if not isinstance(result, Postponed):
                return result
            self.clock.advance(result.seconds)
        raise AssertionError(f"still {result} after a hundred deliveries")

    def job(self, letter_id: LetterId = LETTER_ID) -> LetterJob:
        job = self.jobs.get(letter_id)
        assert job is not None
        return job

    def sweep(self, provider: PrintProvider | None = None) -> Reconciliation:
        return Reconciliation(
            jobs=self.jobs,
            provider=provider or self.provider(),
            observer=self.observer,
            queue_again=self.queued.append,
            policy=ReconciliationPolicy(),
        )

    def drafts(self) -> int:
        """The number of drafts at the provider."""
        found = self.provider().drafts(self.clock.time)
        assert isinstance(found, list)
        return len(found)


MAILEVA_SETTINGS = MailevaSettings(
    api_url="https://api.maileva.example",
    token_url=f"https://connexion.maileva.example{MAILEVA_TOKEN_PATH}",
    owner=OWNER,
)
PINGEN_SETTINGS = PingenSettings(
    api_url="https://api.pingen.example",
    token_url=f"https://identity.pingen.example{PINGEN_TOKEN_PATH}",
    organisation="organisation-1",
    owner=OWNER,
)


def never(request: HttpRequest) -> HttpResponse:
    raise AssertionError("there is no subscription to notifications")


def at_once(_: float) -> None:
    """Latency without waiting."""


def maileva_scene(
    *, faults: FaultSource | None = None, post: Transport = never, pause: Callable[[float], None] = at_once
) -> Scene:
    clock = Clock(Instant(REQUESTED_AT + 60))
    fake = FakeMaileva(clock=clock, post=post, pause=pause, faults=faults)
    return Scene(
        ProviderName.MAILEVA,
        fake,
        clock,
        lambda transport: Maileva(MAILEVA_SETTINGS, transport, credentials("maileva-client", "maileva-secret")),
    )


def pingen_scene(
    *, faults: FaultSource | None = None, post: Transport = never, pause: Callable[[float], None] = at_once
) -> Scene:
    clock = Clock(Instant(REQUESTED_AT + 60))
    fake = FakePingen(clock=clock, post=post, pause=pause, faults=faults)
    return Scene(
        ProviderName.PINGEN,
        fake,
        clock,
        lambda transport: Pingen(PINGEN_SETTINGS, transport, credentials("pingen-client", "pingen-secret")),
    )


def scene_of(
    name: ProviderName,
    *,
    faults: FaultSource | None = None,
    post: Transport = never,
    pause: Callable[[float], None] = at_once,
) -> Scene:
    make = maileva_scene if name is ProviderName.MAILEVA else pingen_scene
    return make(faults=faults, post=post, pause=pause)
