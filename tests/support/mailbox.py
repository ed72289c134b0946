"""What the local stack sends to one member, read from its inbox."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

from local import inbox_codes
from tests.support.local_stack import call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.local_stack import Stack


def code_in(text: str, kind: Literal["emails", "letters"]) -> str:
    """The code in a message, without the blanks."""
    found = inbox_codes.code_in(text, kind)
    assert found, text
    return found


class Mailbox:
    """What the stack sends to one member."""

    def __init__(
        self, stack: Stack, is_for: Callable[[dict[str, Any]], bool], kind: Literal["emails", "letters"]
    ) -> None:
        self._stack = stack
        self._is_for = is_for
        self._kind = kind
        self._seen = len(self._messages())

    def next_code(self) -> str:
        """The code in the next message that has one; a queue takes some seconds."""
        while not (code := inbox_codes.code_in(self.next_text(), self._kind)):
            pass
        return code

    def next_text(self) -> str:
        """The text of the next message."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self._messages()
            if len(found) > self._seen:
                text: str = found[self._seen]["text"]
                self._seen += 1
                return text
            time.sleep(0.3)
        raise AssertionError(f"none of the {self._kind} arrived within a minute")

    def _messages(self) -> list[dict[str, Any]]:
        listed = call("GET", f"{self._stack.inbox_url}/messages.json").json()[self._kind]
        return [message for message in listed if self._is_for(message)]
