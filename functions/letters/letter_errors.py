"""What goes wrong with letters and is not for a member's eyes. No message repeats an address or a code.

LettersError
├── LetterCannotBeSet            trying again does not help: a person has to look at it
│   ├── AddressCannotBePrinted   the member's postal address does not make a valid address block
│   └── PreflightFailed          the finished PDF has something where nothing, or something else, may be
├── LeaseLost                    another delivery of the message has taken the job over
├── WrongProvider                the letter is drafted with a provider that is not configured any more
├── NoReply                      nothing came back from the network, or half of a reply
├── CallFailed                   a call of a provider did not succeed; carries what that means for the letter
└── CredentialsMissing           the secret lacks what a provider wants
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.errors import MemberAccessError

if TYPE_CHECKING:
    from provider import Failure


class LettersError(MemberAccessError):
    """What goes wrong with letters."""


class LetterCannotBeSet(LettersError):  # noqa: N818 - says what it is
    """The letter cannot be typeset as it must be. Trying again does not help: a person has to look at it."""


class AddressCannotBePrinted(LetterCannotBeSet):
    """The postal address on record does not make an address block that the post can read."""


class PreflightFailed(LetterCannotBeSet):
    """The PDF was made, but must not be printed.

    Attributes:
        faults: what is wrong, one sentence each.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class LeaseLost(LettersError):  # noqa: N818 - as above
    """Another delivery walks the job: this one stops where it is, and nothing of it is recorded."""


class WrongProvider(LettersError):  # noqa: N818 - as above
    """Only the provider that has the draft can tell what became of it."""


class NoReply(LettersError):  # noqa: N818 - as above
    """No reply, or half of one. The request may have done its work."""


class CallFailed(LettersError):  # noqa: N818 - as above; never leaves the adapters
    """A call did not succeed; ``result`` is what the adapter answers."""

    def __init__(self, result: Failure) -> None:
        super().__init__(repr(result))
        self.result = result


class CredentialsMissing(LettersError):  # noqa: N818 - as above
    """The secret has no entry for a provider, or one that lacks something; an operator has to fill it."""
