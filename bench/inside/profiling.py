"""Divides the time of a flow between packages, by the profiler of the standard library."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOTOCORE = {
    "auth": "botocore: signature",
    "awsrequest": "botocore: request",
    "client": "botocore: client",
    "endpoint": "botocore: endpoint",
    "endpoint_provider": "botocore: endpoint rules",
    "hooks": "botocore: event hooks",
    "parsers": "botocore: parsing",
    "regions": "botocore: endpoint rules",
    "retries": "botocore: retries",
    "serialize": "botocore: serialising",
    "useragent": "botocore: user agent",
    "validate": "botocore: validation",
}
_OURS = {"member_access", "login", "reset", "identifier", "emails", "letters"}
_PACKAGES = ("argon2", "aws_lambda_powertools", "boto3", "jinja2", "jmespath", "pydantic", "pypdfium2", "urllib3")
_LIBRARY = re.compile(r"/python3\.\d+/(\w+)")


def profile(work: Callable[[], object]) -> dict[str, float]:
    """Run some work under the profiler, with what it gives to executors in the same thread.

    Since Python 3.12 a process can have one profiler at a time, and it follows one thread.

    Returns:
        The share of each part in the time. A function written in C counts for what calls it; typst for itself.
    """
    profiler = cProfile.Profile(time.thread_time)
    with _one_thread():
        profiler.runcall(work)
    seconds: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        if file != "~":
            seconds[part_of(file)] += own
        elif "typst" in name:
            seconds["typst"] += own
        else:
            for (caller, _, _), (_, _, of_caller, _) in callers.items():
                seconds[part_of(caller)] += of_caller
    whole = sum(seconds.values())
    return {part: one / whole for part, one in seconds.most_common()}


@contextmanager
def _one_thread() -> Iterator[None]:
    submit = ThreadPoolExecutor.submit

    def done(_: ThreadPoolExecutor, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as the library's
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as in a thread
            future.set_exception(error)
        return future

    ThreadPoolExecutor.submit = done  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]


def part_of(file: str) -> str:
    """Return the part to which a source file belongs."""
    words = file.replace("\\", "/").removesuffix(".py").split("/")
    if "bench" in words:
        return "the measurement"
    if "botocore" in words:
        return _BOTOCORE.get(words[words.index("botocore") + 1], "botocore: other")
    if _OURS & set(words):
        return "own code"
    if found := next((package for package in _PACKAGES if package in words), None):
        return found
    module = _LIBRARY.search(file.removesuffix(".py"))
    return f"Python's {module[1]}" if module else "Python's other"
