"""Divides the time of a flow between packages, by the profiler of the standard library."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
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
    """Run some work under the profiler, in this thread and in those of executors.

    Returns:
        The share of each part in the time. A function written in C counts for what calls it; typst for itself.
    """
    with _profiled_threads() as profilers:
        _run(profilers, work)
    seconds: Counter[str] = Counter()
    for profiler in profilers:
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
def _profiled_threads() -> Iterator[list[cProfile.Profile]]:
    profilers: list[cProfile.Profile] = []
    submit = ThreadPoolExecutor.submit

    def submit_profiled(self: ThreadPoolExecutor, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the library's
        return submit(self, lambda: _run(profilers, lambda: work(*args, **kwargs)))

    ThreadPoolExecutor.submit = submit_profiled  # type: ignore[method-assign, assignment]
    try:
        yield profilers
    finally:
        ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]


def _run(profilers: list[cProfile.Profile], work: Callable[[], Any]) -> Any:  # noqa: ANN401 - the result of the work
    profiler = cProfile.Profile(time.thread_time)
    profilers.append(profiler)
    profiler.enable()
    try:
        return work()
    finally:
        profiler.disable()


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
