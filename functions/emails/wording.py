"""The words of the e-mails, read from one file per language."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.wording.texts import Language

_CATALOGUES: Final = Path(__file__).parent / "templates"


class Wording(BaseModel):
    """One e-mail in one language. A name in braces is a placeholder for a fact of the message.

    Attributes:
        subject: must hold no secret, because locked screens show it.
        heading: the title in the e-mail.
        introduction: paragraphs above the value.
        value_label: names the value; empty if there is none.
        instructions: paragraphs below the value.
        not_you_heading: the heading for a member who did not ask for this.
        not_you: paragraphs that tell that member what to do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    heading: str
    introduction: tuple[str, ...]
    value_label: str = ""
    instructions: tuple[str, ...]
    not_you_heading: str
    not_you: tuple[str, ...]

    def filled_in(self, facts: Mapping[str, str]) -> Wording:
        """Return the same wording with every fact filled in.

        Raises:
            KeyError: a sentence needs a fact that the message does not have.
        """

        def paragraphs(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text.format_map(facts) for text in texts)

        return Wording(
            subject=self.subject.format_map(facts),
            heading=self.heading.format_map(facts),
            introduction=paragraphs(self.introduction),
            value_label=self.value_label.format_map(facts),
            instructions=paragraphs(self.instructions),
            not_you_heading=self.not_you_heading.format_map(facts),
            not_you=paragraphs(self.not_you),
        )


class Catalogue(BaseModel):
    """Every e-mail in one language. A missing or unknown one stops the function from starting.

    Attributes:
        for_whom: the first paragraph of each e-mail: whose it is.
        for_whom_by_name: the same in the e-mail that has the whole identifier.
        no_name: stands for the name of a member without one.
        spelt: introduces the value character by character, for screen readers.
        help: says at the end of each e-mail whom to call.
        no_replies: asks not to reply.
        replies: says that someone reads replies.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    for_whom: str
    for_whom_by_name: str
    no_name: str
    spelt: str
    help: str
    no_replies: str
    replies: str
    reset_code: Wording
    pin_created: Wording
    pin_changed: Wording
    passkey_added: Wording
    passkey_deleted: Wording
    pin_disabled: Wording
    too_many_tries: Wording
    too_many_tries_known: Wording
    letter_requested: Wording
    letter_given_up: Wording
    identifier_reminder: Wording
    invitation: Wording
    new_browser: Wording
    confirm_code: Wording

    @classmethod
    def of(cls, language: Language) -> Self:
        """Read the catalogue of one language."""
        return cls.model_validate(tomllib.loads((_CATALOGUES / f"{language}.toml").read_text(encoding="utf-8")))
