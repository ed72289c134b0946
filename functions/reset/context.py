"""Loads the state of an identifier before a code is sent or checked: one read, the same for every identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.callers_browser import CallersBrowser
from member_access.audit import Who
from member_access.code_requests import ResetContext
from member_access.members.store import MEMBER, credential_of, member_from_item, member_key
from member_access.recovery.store import reset_from_item, reset_key
from member_access.sessions.item import SIGN_INS, sign_ins_from_item, sign_ins_key

if TYPE_CHECKING:
    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.throttling.sources import Sources
    from member_access.values.types import Identifier
    from reset.settings import ResetSettings


@dataclass(frozen=True)
class ContextReader:
    """Loads reset contexts."""

    runtime: Runtime
    settings: ResetSettings
    pseudonyms: Pseudonyms
    sources: Sources
    reads: UniformReads

    def read(self, request: Request[BodyType], identifier: Identifier) -> ResetContext:
        """Load the context of an identifier, in one strongly consistent read.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        now, random_bytes = self.runtime.now(), self.runtime.random_bytes
        subject = self.pseudonyms.of("identifier", identifier)
        networks = self.pseudonyms.of_source(request.source)
        members, access = self.settings.members_table, self.settings.access_table
        browser = CallersBrowser.of(request, self.pseudonyms, subject, identifier, random_bytes)
        key = sign_ins_key(subject)
        keys = {access: [reset_key(subject), key, *self.sources.keys(networks, now)]}
        found = self.reads.batch_get(members, member_key(identifier), MEMBER, keys, {(access, key): SIGN_INS})
        member = member_from_item(found.get((members, member_key(identifier))), now)
        sign_ins = sign_ins_from_item(found.get((access, key))).at(credential_of(member).version)
        return ResetContext(
            who=Who(subject=subject, member=identifier if member else None, source=networks[0]),
            member=member,
            reset=reset_from_item(found.get((access, reset_key(subject)))),
            browser=sign_ins.known_browser(browser.token.digest, now),
            source=self.sources.seen(found, networks, now),
            now=now,
        )
