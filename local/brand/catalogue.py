"""The sentences of the portal by language and key, and a brand's own in their place."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES: Final = ("fr", "en")
NEEDED: Final = ("help.hours", "help.price")
"""What only the insurer knows."""

_TEXT = re.compile(r'"([a-z0-9._-]+)":(\s*)("(?:[^"\\]|\\.)*")')
_FILE = re.compile(r"texts/(fr|en)(?:-\w+)?\.js")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def language_of(file: str) -> str | None:
    """Return the language of a module of texts; None for any other file."""
    found = _FILE.fullmatch(file)
    return found[1] if found else None


def texts_of(files: Mapping[str, bytes], language: str) -> dict[str, str]:
    """Read the sentences of the portal in a language, by key.

    Args:
        files: the files of the portal by name.
        language: ``fr`` or ``en``.
    """
    return {
        key: json.loads(text)
        for name, content in files.items()
        if language_of(name) == language
        for key, _, text in _TEXT.findall(content.decode())
    }


def replaced(module: bytes, own: Mapping[str, str]) -> bytes:
    """Write a brand's sentences over those of a module of texts."""

    def written(found: re.Match[str]) -> str:
        key, gap, usual = found.groups()
        return f'"{key}":{gap}{json.dumps(own[key], ensure_ascii=False) if key in own else usual}'

    return _TEXT.sub(written, module.decode()).encode()


def faults(file: str, own: object, usual: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each text of a brand that the portal cannot show.

    Args:
        file: the name of the brand's file.
        own: its content.
        usual: the portal's sentences in that language.
    """
    if not isinstance(own, dict) or not all(isinstance(text, str) for text in own.values()):
        yield f'{file} must be one object of texts by key, such as {{"help.hours": "…"}}.'
        return
    if missing := [key for key in NEEDED if not own.get(key)]:
        yield f"{file}: {', '.join(missing)} is missing; only you know this."
    for key, text in own.items():
        if key not in usual:
            yield f"{file}: this version of the portal has no text {key}. Take it out, or look for its new name."
        elif (needed := _placeholders(usual[key])) != (found := _placeholders(text)):
            yield f"{file}: {key} must hold {_listed(needed)}, not {_listed(found)}."


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _listed(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names) or "no placeholder"
