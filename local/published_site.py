"""Names the files of the site by their content, so that browsers keep them and never mix two versions.

Pages, and what operators replace by hand, keep their names: browsers ask for those again at each visit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.portal_files import named_by_content
from local.portal_site import NOT_FOUND
from local.site_graph import Unpublishable, rewritten, without_comments

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED_BY_CONTENT = re.compile(r"screens/[\w-]+\.html|.+\.(?:js|css|svg|png|webp|woff2)")
_LEADS_ON = (".js", ".css", ".html")


def published(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make the site as it is published.

    Args:
        files: the site by name.

    Returns:
        The files by their published names. The page for unknown addresses is made at the edge too, which knows no
        hash, so what it needs is there under both names.

    Raises:
        Unpublishable: a module imports one that there is not, or two import each other.
    """
    work = _Publishing(files)
    made = {name: work.content(name) for name in files}
    needed_at_the_edge = made[NOT_FOUND].decode()
    both = {name: made[name] for name in work.names if f'"/{name}"' in needed_at_the_edge}
    return {**{work.names.get(name, name): content for name, content in made.items()}, **both}


class _Publishing:
    """Makes each file after those that it leads to, because their names are part of its content.

    Attributes:
        names: the names with a hash, by the name before.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._made: dict[str, bytes] = {}
        self._open: list[str] = []
        self.names: dict[str, str] = {}

    def content(self, name: str) -> bytes:
        """Make a file."""
        if name in self._open:
            raise Unpublishable(f"{' imports '.join([*self._open, name])}: the name of each depends on the other.")
        if name not in self._made:
            self._open.append(name)
            self._made[name] = self._rewritten(name)
            self._open.pop()
            if _NAMED_BY_CONTENT.fullmatch(name):
                self.names[name] = named_by_content(name, self._made[name])
        return self._made[name]

    def _name(self, name: str) -> str:
        if not _NAMED_BY_CONTENT.fullmatch(name):
            return name
        self.content(name)
        return self.names[name]

    def _rewritten(self, name: str) -> bytes:
        content = self._files[name]
        if not name.endswith(_LEADS_ON) or name == NOT_FOUND:
            return content
        text = content.decode()
        code = without_comments(text) if name.endswith(".js") else text
        return rewritten(name, code, self._files, self._name).encode()
