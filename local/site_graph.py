"""Finds in the files of the site which other files they lead to, by the names written in them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

FIRST_SCREEN: Final = ("main.js", "texts/fr.js", "screens/sign-in.js")
"""The page's script, and what it imports for a visitor in French. The page preloads them and what they import."""

# A string before a comment, so that one in a string stays. No string of the portal's modules spans lines.
_STRING_OR_COMMENT = re.compile(
    r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`|/\*.*?\*/[ \t]*|^[ \t]*//[^\n]*""",
    re.DOTALL | re.MULTILINE,
)
_STATIC_IMPORT = re.compile(r'^(?:import|export)\b[^"();]*"(\.[^"]+)"', re.MULTILINE)
_IN_MODULE = re.compile(r'(")([\w./-]+\.[a-z0-9]+)(")')
_IN_STYLES = re.compile(r"(url\(\s*[\"']?)([^\"')#:]+)([\"']?\s*\))")
_IN_HTML = re.compile(r'((?:href|src|srcset)=")([^"#?:]+)((?:[#?][^"]*)?")')


class Unpublishable(Exception):
    """A file leads to one that the site does not have, or to itself. The message names both."""


def without_comments(module: str) -> str:
    """Leave out what no browser needs of a module: comments, indentation and empty lines."""
    code = _STRING_OR_COMMENT.sub(lambda found: "" if found[0].lstrip().startswith("/") else found[0], module)
    return re.sub(r"\n\s*", "\n", code).lstrip()


def modules_of_first_screen(files: Mapping[str, bytes]) -> list[str]:
    """List the modules that the first screen needs, nearest to the page's script first, without that script.

    Raises:
        Unpublishable: a module imports one that there is not.
    """
    found = [name for name in FIRST_SCREEN if name in files]
    for name in found:
        for address in _STATIC_IMPORT.findall(without_comments(files[name].decode())):
            imported = _resolved(name, address, files)
            if imported not in found:
                found.append(imported)
    return [name for name in found if name != FIRST_SCREEN[0]]


def rewritten(name: str, text: str, files: Collection[str], rename: Callable[[str], str]) -> str:
    """Write other names for the files that a file leads to.

    In a module these are imports, relative to it, and texts that are the name of a file of the site: addresses as the
    page has them. HTML of a screen stands in the page too.

    Args:
        name: the name of the file.
        text: its content.
        files: the names in the site.
        rename: returns the other name of a file.

    Raises:
        Unpublishable: a module imports one that there is not.
    """
    folder = "" if name.startswith("screens/") else posixpath.dirname(name)

    def in_module(found: re.Match[str]) -> str:
        address = found[2]
        if address.startswith(("./", "../")):
            other = posixpath.relpath(rename(_resolved(name, address, files)), posixpath.dirname(name) or ".")
            return f'"{other if other.startswith(".") else f"./{other}"}"'
        return f'"{rename(address)}"' if address in files else found[0]

    def elsewhere(found: re.Match[str]) -> str:
        before, address, after = found.groups()
        target = posixpath.normpath(posixpath.join(folder, address))
        if target not in files:
            return found[0]
        return f"{before}{posixpath.relpath(rename(target), folder or '.')}{after}"

    if name.endswith(".js"):
        return _IN_MODULE.sub(in_module, text)
    return (_IN_STYLES if name.endswith(".css") else _IN_HTML).sub(elsewhere, text)


def _resolved(name: str, address: str, files: Collection[str]) -> str:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
    if target not in files:
        raise Unpublishable(f"{name} imports {address}, which the portal does not have.")
    return target
