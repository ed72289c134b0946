"""Watches a delivery step by step, or kills it: a step is a call to the provider or an access to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job_store import LetterJobs
    from letters.providers.http_client import HttpRequest, HttpResponse, Transport

Answer = TypeVar("Answer")


class Crash(BaseException):
    """The function is killed and does nothing more."""


class CrashPlan:
    """Kills the delivery at the n-th step, before or after the effect of the step."""

    def __init__(self, step: int, *, after: bool) -> None:
        self._step = step
        self._after = after
        self.steps = 0

    def run(self, call: Callable[[], Answer]) -> Answer:
        self.steps += 1
        if self.steps == self._step and not self._after:
            raise Crash
        answer = call()
        if self.steps == self._step and self._after:
            raise Crash
        return answer


class _Stepwise:
    """Passes every method call through a hook."""

    def __init__(self, target: object, hook: Callable[[Callable[[], Any]], Any]) -> None:
        self._target = target
        self._hook = hook

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method of the target
        method = getattr(self._target, name)
        return lambda *args, **kwargs: self._hook(lambda: method(*args, **kwargs))


def stepwise_transport(transport: Transport, hook: Callable[[Callable[[], Any]], Any]) -> Transport:
    def send(request: HttpRequest) -> HttpResponse:
        return cast("HttpResponse", hook(lambda: transport(request)))

    return send


def stepwise_jobs(jobs: LetterJobs, hook: Callable[[Callable[[], Any]], Any]) -> LetterJobs:
    return cast("LetterJobs", _Stepwise(jobs, hook))
