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

    The form is RFC 5321's ``Dot-string@Domain``, without quoted local parts and address literals, which no member
    has. It is ASCII, because SES does not support SMTPUTF8; internationalised domains are written ``xn--…``.
    Only a bounce shows that a mailbox does not exist.
    """

    __slots__ = ()
    # The shorter of RFC 5321's limits: a path of 256 octets with its two angle brackets.
    _max_length: ClassVar = 254
    _form: ClassVar = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?![0-9]+$){_LABEL})")
    _max_local_length: ClassVar = 64

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an address; drop blanks around it and write its domain in lower case.

        Raises:
            InvalidValue: the text is no address, or none that SES can send to.
        """
        candidate = normalize(text)
        if not candidate.isascii():
            raise InvalidValue("an e-mail address must be ASCII (write a domain with accents as xn--…)")
        if len(candidate) > cls._max_length:
            raise InvalidValue(f"an e-mail address has at most {cls._max_length} characters")
        match = cls._form.fullmatch(candidate)
        if not match or len(match["local"]) > cls._max_local_length:
            raise InvalidValue("an e-mail address must have the form name@domain")
        return cls(f"{match['local']}@{match['domain'].lower()}")


class EmailState(StrEnum):
    """The reason why an address gets no more e-mail."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
