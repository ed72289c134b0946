"""Lambda's detection of loops between a function and the queue that invokes it.

Source: "Use Lambda recursive loop detection to prevent infinite loops", Lambda Developer Guide. A message carries how
often the function ran in the chain that led to it. After 16 runs Lambda stops the next one, and the message goes to the
dead-letter queue, unless the function has ``RecursiveLoop: Allow``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.cloud import queue_url
from simulators.template import project_template

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Handler
    from simulators.cloud import Cloud

MOST_RUNS = 16


def is_allowed(function: str) -> bool:
    """Return whether the template lets a function run in a loop."""
    properties = project_template().resources("AWS::Serverless::Function")[function]["Properties"]
    return bool(properties.get("RecursiveLoop") == "Allow")


class LoopDetection:
    """Stands between an event source and a function.

    Attributes:
        longest: the most runs in one chain.
        dropped: how many calls were stopped.
    """

    def __init__(self, cloud: Cloud, handler: Handler, dead_letters: str, *, allowed: bool) -> None:
        self._cloud = cloud
        self._handler = handler
        self._dead_letters = queue_url(dead_letters)
        self._allowed = allowed
        self._runs: dict[int, int] = {}
        self.longest = 0
        self.dropped = 0

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> Any:  # noqa: ANN401 - the function's answer
        """Call the function with one message, or stop the call."""
        (record,) = event["Records"]
        runs = self._runs.get(int(record["messageId"]), 0)
        if runs >= MOST_RUNS and not self._allowed:
            self.dropped += 1
            self._cloud.queues.put(self._dead_letters, record["body"])
            return {"batchItemFailures": []}
        self.longest = max(self.longest, runs + 1)
        before = len(self._cloud.queues.sent)
        answer = self._handler(event, context)
        # A message has the number of its place among all messages ever sent.
        for number in range(before + 1, len(self._cloud.queues.sent) + 1):
            self._runs[number] = runs + 1
        return answer
