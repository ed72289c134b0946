"""Renders messages as e-mails in one language, with the same content as text and as HTML.

They have no remote image, no read tracking, and no link but the telephone number: members who learn that real e-mails
have no links do not follow those of false ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from emails.browser_names import browser_name
from emails.messages import (
    ConfirmCode,
    IdentifierReminder,
    Invitation,
    LetterGivenUpNotice,
    LetterRequestedNotice,
    NewBrowserNotice,
    PasskeyAddedNotice,
    PasskeyDeletedNotice,
    PinChangedNotice,
    PinCreatedNotice,
    PinDisabledNotice,
    ResetCode,
    TooManyTriesKnownNotice,
    TooManyTriesNotice,
)
from emails.wording import Catalogue
from member_access.errors import InvalidValue
from member_access.wording.long_dates import last_whole_day, long_date_and_time, minutes
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emails.addressee import Addressee
    from emails.messages import Message
    from emails.wording import Wording
    from member_access.wording.insurer import Insurer

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class RenderedEmail:
    """An e-mail that is ready to send.

    Attributes:
        subject: one line, without a secret.
        text: the ``text/plain`` part.
        html: the ``text/html`` part.

    Raises:
        InvalidValue: the subject has a line break or another control character, which would end its header
            (RFC 5322 §2.2).
    """

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)

    def __post_init__(self) -> None:
        if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in self.subject):
            raise InvalidValue("the subject of an e-mail is one line")


class EmailRenderer:
    """Renders messages in the name of one insurer.

    Args:
        insurer: the sender.
        replies_are_read: whether someone reads what members reply.
    """

    def __init__(self, insurer: Insurer, *, replies_are_read: bool = False) -> None:
        self._facts = {
            "insurer": insurer.name,
            "helpline": insurer.helpline.replace(" ", "\N{NO-BREAK SPACE}"),
            "site": insurer.site,
        }
        self._accent = insurer.accent
        self._replies_are_read = replies_are_read
        self._catalogues = {language: Catalogue.of(language) for language in Language}
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters["with_call"] = self._with_call
        self._text = environment.get_template("email.txt")
        self._html = environment.get_template("email.html")

    def render(self, message: Message, addressee: Addressee, language: Language) -> RenderedEmail:
        """Render the e-mail of a message to a member.

        A code stands neither in the subject nor among the first words, which locked phones show. It comes right after
        the word "code", as one run of digits and before any other: so a phone can offer it for the field, once the
        e-mail is open.
        """
        facts = self._facts | _facts(message, language)
        catalogue = self._catalogues[language]
        wording = _wording(catalogue, message).filled_in(facts)
        value = facts.get("value", "")
        context = {
            "language": language.value,
            "insurer": facts["insurer"],
            "wording": wording,
            "for_whom": _for_whom(catalogue, message, addressee),
            "accent": self._accent,
            "value": value,
            "groups": _groups(message, value),
            "spelt_out": catalogue.spelt.format(characters=", ".join(value)),
            "footer": [catalogue.help.format_map(facts), self._on_replies(catalogue)],
        }
        return RenderedEmail(subject=wording.subject, text=self._text.render(context), html=self._html.render(context))

    def _on_replies(self, catalogue: Catalogue) -> str:
        return catalogue.replies if self._replies_are_read else catalogue.no_replies

    def _with_call(self, paragraph: str, css_class: str, colour: str) -> Markup:
        """Make the telephone number in a sentence a link, for phones (RFC 3966)."""
        number = self._facts["helpline"]
        link = Markup('<a class="{}" href="tel:{}" style="color: {}; white-space: nowrap;">{}</a>').format(
            css_class, re.sub(r"[^+0-9]", "", number), colour, number
        )
        return escape(paragraph).replace(escape(number), link)


def _for_whom(catalogue: Catalogue, message: Message, addressee: Addressee) -> str:
    sentence = catalogue.for_whom_by_name if isinstance(message, IdentifierReminder) else catalogue.for_whom
    return sentence.format_map({"name": addressee.name or catalogue.no_name, "ending": addressee.ending})


_KINDS: Final[Mapping[type[Message], str]] = {
    ResetCode: "reset_code",
    PinCreatedNotice: "pin_created",
    PinChangedNotice: "pin_changed",
    PinDisabledNotice: "pin_disabled",
    TooManyTriesNotice: "too_many_tries",
    TooManyTriesKnownNotice: "too_many_tries_known",
    PasskeyAddedNotice: "passkey_added",
    PasskeyDeletedNotice: "passkey_deleted",
    LetterRequestedNotice: "letter_requested",
    LetterGivenUpNotice: "letter_given_up",
    IdentifierReminder: "identifier_reminder",
    Invitation: "invitation",
    NewBrowserNotice: "new_browser",
    ConfirmCode: "confirm_code",
}
"""The name of each message's sentences in the catalogue."""


def _wording(catalogue: Catalogue, message: Message) -> Wording:
    wording: Wording = getattr(catalogue, _KINDS[type(message)])
    return wording


def _groups(message: Message, value: str) -> list[str]:
    """Divide a code as a letter and the screens group it; the gaps are drawn, so that it is copied in one piece."""
    size = {ResetCode: 3, ConfirmCode: 3, Invitation: 2}.get(type(message), len(value) or 1)
    return [value[start : start + size] for start in range(0, len(value), size)]


def _facts(message: Message, language: Language) -> dict[str, str]:  # noqa: PLR0911 - one for each kind
    match message:
        case ResetCode(code, requested_at, expires_at) | ConfirmCode(code, requested_at, expires_at):
            return {
                "value": code.reveal(),
                "minutes": minutes(expires_at - requested_at),
                "expires_at": long_date_and_time(expires_at, language),
            }
        case (
            PinCreatedNotice(moment)
            | PinChangedNotice(moment)
            | PinDisabledNotice(moment)
            | TooManyTriesNotice(moment)
            | TooManyTriesKnownNotice(moment)
            | PasskeyAddedNotice(moment)
            | PasskeyDeletedNotice(moment)
        ):
            return {"changed_at": long_date_and_time(moment, language)}
        case LetterRequestedNotice(requested_at, expires_at):
            return {
                "requested_at": long_date_and_time(requested_at, language),
                "last_day": last_whole_day(expires_at, language),
            }
        case LetterGivenUpNotice():
            return {}
        case IdentifierReminder(identifier):
            return {"value": identifier}
        case Invitation(code, expires_at):
            return {"value": code.reveal(), "last_day": last_whole_day(expires_at, language)}
        case NewBrowserNotice(moment, browser):
            return {
                "signed_in_at": long_date_and_time(moment, language),
                "browser": browser_name(browser, language),
            }
        case _:
            assert_never(message)
