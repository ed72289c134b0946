"""The audit trail of operators: who did what to which member, in a log group of the stack.

Like the trail of the functions, it names no PIN, code, token, social-security number, IBAN, or e-mail address.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from member_access.errors import Unavailable
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sts import STSClient

    from member_access.values.types import Identifier, Instant


@dataclass(frozen=True)
class OperatorTrail:
    """Writes to one log stream, which only one run of the command uses.

    Attributes:
        operator: the ARN of the AWS identity that runs the command.
    """

    logs: CloudWatchLogsClient
    group: str
    stream: str
    operator: str
    clock: Callable[[], Instant]

    @classmethod
    def open(
        cls, logs: CloudWatchLogsClient, sts: STSClient, group: str, clock: Callable[[], Instant]
    ) -> OperatorTrail:
        """Learn from AWS who the operator is, and make a log stream.

        Raises:
            NotAllowed: the operator may not write to the trail.
            Unavailable: AWS did not respond.
        """
        stream = f"{datetime.fromtimestamp(clock(), UTC):%Y/%m/%d}/{secrets.token_hex(8)}"
        with translate_errors():
            operator = sts.get_caller_identity()["Arn"]
            logs.create_log_stream(logGroupName=group, logStreamName=stream)
        return cls(logs, group, stream, operator, clock)

    def record(self, action: str, outcome: str, member: Identifier | None, facts: Mapping[str, object]) -> None:
        """Write one event.

        Raises:
            NotAllowed: the operator may not write to the trail.
            Unavailable: CloudWatch did not respond, or did not take the event: it takes none of a day to come.
        """
        now = self.clock()
        event = {
            "message": f"operator.{action}",
            "audit": {"outcome": outcome, "operator": self.operator, "member": member, **facts},
        }
        with translate_errors():
            answer = self.logs.put_log_events(
                logGroupName=self.group,
                logStreamName=self.stream,
                logEvents=[{"timestamp": now * 1000, "message": json.dumps(event, ensure_ascii=False)}],
            )
        if answer.get("rejectedLogEventsInfo"):
            raise Unavailable("the audit trail did not take the event; check the clock of this computer")
