"""E-mail addresses that Amazon SES can send to."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import normalize
from member_access.values.types import Secret

_ATOM = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"


class EmailAddress(Secret):
    """An e-mail address, hidden like a secret because none may reach a log.

    The form is RFC 5321's ``Dot-string@Domain``: no quoted local part and no address literal, which no member
    has. ASCII alone, since SES does not speak SMTPUTF8; the domain of an internationalised address comes in
    its ASCII form (``xn--…``). Whether there is such a mailbox only a bounce will tell.
    """

    __slots__ = ()
    # The shorter of RFC 5321's limits: a path of 256 octets with its two angle brackets.
    _longest: ClassVar = 254
    _form: ClassVar = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?![0-9]+$){_LABEL})")
    _longest_local: ClassVar = 64

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take an address; blanks around it are ignored and its domain is lower-cased.

        Raises:
            InvalidValue: it is none, or none that SES can send to.
        """
        candidate = normalize(text)
        if not candidate.isascii():
            raise InvalidValue("an e-mail address must be ASCII (write a domain with accents as xn--…)")
        if len(candidate) > cls._longest:
            raise InvalidValue(f"an e-mail address has at most {cls._longest} characters")
        match = cls._form.fullmatch(candidate)
        if not match or len(match["local"]) > cls._longest_local:
            raise InvalidValue("an e-mail address must have the form name@domain")
        return cls(f"{match['local']}@{match['domain'].lower()}")


class EmailState(StrEnum):
    """Why no e-mail goes to an address any more."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
