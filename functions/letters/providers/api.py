"""Calls a provider's API with an access token, and interprets the responses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from letters.model.job import MAX_DELAY_SECONDS, ProviderCode
from letters.model.print_provider import Failure, Rejected, RetryLater, Unknown
from letters.providers.http_client import NoResponse
from member_access.errors import MemberAccessError
from member_access.values.types import Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.providers.http_client import HttpRequest, HttpResponse, Transport


class CallFailed(MemberAccessError):
    """A call did not succeed; the adapter returns ``result``."""

    def __init__(self, result: Failure) -> None:
        super().__init__(repr(result))
        self.result = result


class CredentialsMissing(MemberAccessError):
    """The secret's entry for a provider is missing or incomplete; an operator must complete it."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The credentials for a provider's token service; only Maileva's password mode needs the user."""

    client_id: str
    client_secret: Secret
    username: str | None = None
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """A provider's credentials.

    Attributes:
        read: returns the credentials; raises ``CredentialsMissing`` or ``Unavailable``.
        invalidate: makes the next call read them again, because the provider refused them.
    """

    read: Callable[[], ClientCredentials]
    invalidate: Callable[[], object]


class _TokenResponse(BaseModel):
    """RFC 6749 §5.1; Maileva documents ``expires_in`` as text, and it may be absent."""

    model_config = ConfigDict(defer_build=True)

    access_token: Annotated[str, Field(min_length=1, repr=False)]
    expires_in: Annotated[int, Field(gt=0)] = 60


class ProviderTokens:
    """Keeps an access token, and renews it a minute before it expires."""

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
        """A token that is valid for the next minute.

        Reads rejected credentials again once: they may have been rotated.

        Raises:
            CallFailed: there is none; always ``RetryLater``, because the API was not called.
        """
        if self._token is None or now >= self._usable_until:
            response = self._ask()
            if response.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
                self._credentials.invalidate()
                response = self._ask()
            if response.status != HTTPStatus.OK:
                raise CallFailed(RetryLater(retry_after(response, now), _status_code("token-http", response)))
            try:
                granted = _TokenResponse.model_validate_json(response.body)
            except ValidationError:
                raise CallFailed(RetryLater(None, ProviderCode("token-unreadable"))) from None
            lifetime = max(granted.expires_in - self._MARGIN_SECONDS, granted.expires_in // 2)
            self._token, self._usable_until = Secret(granted.access_token), Instant(now + lifetime)
        return self._token

    def drop(self) -> None:
        """Forget the token, because the API refused it."""
        self._token = None

    def _ask(self) -> HttpResponse:
        try:
            return self._transport(self._token_request(self._credentials.read()))
        except CredentialsMissing:
            raise CallFailed(RetryLater(MAX_DELAY_SECONDS, ProviderCode("no-credentials"))) from None
        except NoResponse:
            raise CallFailed(RetryLater(None, ProviderCode("token-no-reply"))) from None


class ProviderApi:
    """Sends requests with the access token, and turns failures into results for the letter."""

    def __init__(self, transport: Transport, tokens: ProviderTokens) -> None:
        self._transport = transport
        self._tokens = tokens

    def call(self, request: HttpRequest, now: Instant) -> HttpResponse:
        """Send a request; if the token is refused, send it once more with a new one.

        Raises:
            CallFailed: the response is no success, or there is none.
        """
        response = self._send(request, now)
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.drop()
            response = self._send(request, now)
        return require_success(response, now)

    def _send(self, request: HttpRequest, now: Instant) -> HttpResponse:
        token = self._tokens.current(now)
        headers = {**request.headers, "Authorization": f"Bearer {token.reveal()}"}
        return send(self._transport, replace(request, headers=headers))


def as_retry(failed: CallFailed) -> CallFailed:
    """Treat a rejection as retryable when the call does not concern the address or the page.

    Its cause (an option, the account, the version of the API) would reject every letter until an operator corrects
    it: the letter waits instead.
    """
    if isinstance(failed.result, Rejected):
        return CallFailed(RetryLater(MAX_DELAY_SECONDS, failed.result.code))
    return failed


def send(transport: Transport, request: HttpRequest) -> HttpResponse:
    """Send a request.

    Raises:
        CallFailed: there is no response; the provider may have done the work.
    """
    try:
        return transport(request)
    except NoResponse:
        raise CallFailed(Unknown(ProviderCode("no-reply"))) from None


# These concern us, the moment or the URL, not the letter.
_NOT_ABOUT_THE_LETTER = frozenset({401, 403, 409, 425, 429, 503})
_SAYS_NOTHING = frozenset({404, 408})

NO_SUCH_THING = Unknown(ProviderCode("http-404"))
"""A 404 proves nothing, except when deleting a draft."""


def require_success(response: HttpResponse, now: Instant) -> HttpResponse:
    """Return a successful response (2xx).

    Raises:
        CallFailed: it is not a success.
    """
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return response
    if response.status in _NOT_ABOUT_THE_LETTER:
        raise CallFailed(RetryLater(retry_after(response, now), _status_code("http", response)))
    is_refusal = HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_refusal and response.status not in _SAYS_NOTHING:
        raise CallFailed(Rejected(_error_code(response)))
    raise CallFailed(Unknown(_status_code("http", response)))


def retry_after(response: HttpResponse, now: Instant) -> int | None:
    """The seconds of a ``Retry-After`` header, which may name a date (RFC 9110 §10.2.3); at most 15 minutes."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        seconds = int(text)
    else:
        try:
            seconds = int(parsedate_to_datetime(text).timestamp()) - now
        except ValueError:
            return None
    return min(max(seconds, 1), MAX_DELAY_SECONDS)


class _Error(BaseModel):
    model_config = ConfigDict(defer_build=True)

    code: str | None = None


class _Errors(BaseModel):
    """Both providers' errors: a list, or a single one in Maileva's 401 and 404."""

    model_config = ConfigDict(defer_build=True)

    errors: list[_Error] = Field(default_factory=list)
    code: str | None = None


def _error_code(response: HttpResponse) -> ProviderCode:
    """The code of the first error. Messages are left out: they may repeat our request."""
    try:
        read = _Errors.model_validate_json(response.body)
    except ValidationError:
        return _status_code("http", response)
    code = next((error.code for error in read.errors if error.code), read.code)
    return ProviderCode.clean(code) if code else _status_code("http", response)


def _status_code(what: str, response: HttpResponse) -> ProviderCode:
    return ProviderCode(f"{what}-{response.status}")
