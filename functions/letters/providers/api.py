"""Calls to a provider's API: the access token in front, the reply's meaning behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import BaseModel, Field, ValidationError

from letters.model.job import LONGEST_DELAY_SECONDS, ProviderCode
from letters.model.print_provider import Failure, Rejected, RetryLater, Unknown
from letters.providers.http_client import NoReply
from member_access.errors import MemberAccessError
from member_access.values.types import Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.providers.http_client import HttpRequest, HttpResponse, Transport


class CallFailed(MemberAccessError):
    """A call did not succeed; ``result`` is what the adapter answers."""

    def __init__(self, result: Failure) -> None:
        super().__init__(repr(result))
        self.result = result


class CredentialsMissing(MemberAccessError):
    """The secret has no entry for a provider, or one that lacks something; an operator has to fill it."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What a provider's token service wants; the user only where it asks for one (Maileva's password mode)."""

    client_id: str
    client_secret: Secret
    username: str | None = None
    password: Secret | None = None


class CredentialSource(Protocol):
    """Where the credentials come from, read once and kept."""

    def __call__(self) -> ClientCredentials:
        """The credentials.

        Raises:
            CredentialsMissing: there are none.
            Unavailable: they could not be read.
        """

    def invalidate(self) -> None:
        """They were refused: read them anew at the next call."""


class _TokenReply(BaseModel):
    """RFC 6749 §5.1; Maileva's documentation has ``expires_in`` as text, and leaving it out is allowed."""

    access_token: Annotated[str, Field(min_length=1, repr=False)]
    expires_in: Annotated[int, Field(gt=0)] = 60


class ProviderTokens:
    """The current access token, asked for anew a minute before it expires."""

    _MARGIN_SECONDS = 60

    def __init__(
        self,
        transport: Transport,
        credentials: CredentialSource,
        token_request: Callable[[ClientCredentials], HttpRequest],
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._token_request = token_request
        self._token: Secret | None = None
        self._usable_until = Instant(0)

    def current(self, now: Instant) -> Secret:
        """A token that is good for the next minute.

        Credentials that are refused are read anew once: they may have been replaced since they were read.

        Raises:
            CallFailed: there is none; always ``RetryLater``, for nothing was asked of the API.
        """
        if self._token is None or now >= self._usable_until:
            reply = self._ask()
            if reply.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
                self._credentials.invalidate()
                reply = self._ask()
            if reply.status != HTTPStatus.OK:
                raise CallFailed(RetryLater(retry_after(reply, now), _status_word("token-http", reply)))
            try:
                granted = _TokenReply.model_validate_json(reply.body)
            except ValidationError:
                raise CallFailed(RetryLater(None, ProviderCode("token-unreadable"))) from None
            lifetime = max(granted.expires_in - self._MARGIN_SECONDS, granted.expires_in // 2)
            self._token, self._usable_until = Secret(granted.access_token), Instant(now + lifetime)
        return self._token

    def drop(self) -> None:
        """The token was refused."""
        self._token = None

    def _ask(self) -> HttpResponse:
        try:
            return self._transport(self._token_request(self._credentials()))
        except CredentialsMissing:
            raise CallFailed(RetryLater(LONGEST_DELAY_SECONDS, ProviderCode("no-credentials"))) from None
        except NoReply:
            raise CallFailed(RetryLater(None, ProviderCode("token-no-reply"))) from None


class ProviderApi:
    """Sends requests with the access token, and tells what a reply that is no success means for the letter."""

    def __init__(self, transport: Transport, tokens: ProviderTokens) -> None:
        self._transport = transport
        self._tokens = tokens

    def call(self, request: HttpRequest, now: Instant) -> HttpResponse:
        """Send a request; where the token is refused, once more with a new one.

        Raises:
            CallFailed: the reply is no success, or there is none.
        """
        reply = self._send(request, now)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.drop()
            reply = self._send(request, now)
        return successful(reply, now)

    def _send(self, request: HttpRequest, now: Instant) -> HttpResponse:
        token = self._tokens.current(now)
        headers = {**request.headers, "Authorization": f"Bearer {token.reveal()}"}
        return sent(self._transport, replace(request, headers=headers))


def as_retry(failed: CallFailed) -> CallFailed:
    """The failure of a call that says nothing of address or page, only of settings or that the draft may go.

    What it is refused for (an option, the account, the version of the API) can be mended, and would reject every
    letter: the letter waits instead.
    """
    if isinstance(failed.result, Rejected):
        return CallFailed(RetryLater(LONGEST_DELAY_SECONDS, failed.result.code))
    return failed


def sent(transport: Transport, request: HttpRequest) -> HttpResponse:
    """Send a request.

    Raises:
        CallFailed: nothing came back, and what was asked for may have been done.
    """
    try:
        return transport(request)
    except NoReply:
        raise CallFailed(Unknown(ProviderCode("no-reply"))) from None


# These speak of us, of the moment or of where we asked, not of the letter.
_NOT_ABOUT_THE_LETTER = frozenset({401, 403, 409, 425, 429, 503})
_SAYS_NOTHING = frozenset({404, 408})

NO_SUCH_THING = Unknown(ProviderCode("http-404"))
"""What a 404 means: nothing sure, save where a draft was to be deleted."""


def successful(reply: HttpResponse, now: Instant) -> HttpResponse:
    """The reply itself if it is a success (2xx).

    Raises:
        CallFailed: it is none.
    """
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return reply
    if reply.status in _NOT_ABOUT_THE_LETTER:
        raise CallFailed(RetryLater(retry_after(reply, now), _status_word("http", reply)))
    is_refusal = HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_refusal and reply.status not in _SAYS_NOTHING:
        raise CallFailed(Rejected(_error_code(reply)))
    raise CallFailed(Unknown(_status_word("http", reply)))


def retry_after(reply: HttpResponse, now: Instant) -> int | None:
    """The seconds of a ``Retry-After`` header, which may name a date (RFC 9110 §10.2.3); at most 15 minutes."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isdecimal():
        seconds = int(text)
    else:
        try:
            seconds = int(parsedate_to_datetime(text).timestamp()) - now
        except ValueError:
            return None
    return min(max(seconds, 1), LONGEST_DELAY_SECONDS)


class _Error(BaseModel):
    code: str | None = None


class _Errors(BaseModel):
    """Both providers' errors: a list, and with Maileva's 401 and 404 a single one."""

    errors: list[_Error] = Field(default_factory=list)
    code: str | None = None


def _error_code(reply: HttpResponse) -> ProviderCode:
    """The code of the first error. Messages are left out: they may repeat what was sent."""
    try:
        read = _Errors.model_validate_json(reply.body)
    except ValidationError:
        return _status_word("http", reply)
    code = next((error.code for error in read.errors if error.code), read.code)
    return ProviderCode.clean(code) if code else _status_word("http", reply)


def _status_word(what: str, reply: HttpResponse) -> ProviderCode:
    return ProviderCode(f"{what}-{reply.status}")
