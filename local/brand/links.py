"""The addresses to which the portal leads, for one language or for both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from local.brand.catalogue import LANGUAGES
from local.brand.pages import PAGES, file_of, is_address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_CONTACT: Final = "security_contact"
"""Not an address on the same host: RFC 9116 §2.5.3 wants a whole one."""
_NEEDED: Final = ("public_site", _CONTACT)
_KNOWN: Final = (*_NEEDED, "help_page", "deaf_contact", "after_sign_in_url", "cookies")


def link_of(page: str) -> str:
    """Return the name of the link that stands in the place of one of the brand's pages."""
    return page.replace("-", "_")


def by_language(written: Mapping[str, str | Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the addresses by name and language, without those that are empty."""
    return {
        name: dict.fromkeys(LANGUAGES, link) if isinstance(link, str) else dict(link)
        for name, link in written.items()
        if link
    }


def faults(file: str, written: object, files: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each address that is missing, unknown or unsafe.

    Args:
        file: the name of the brand's file.
        written: its content.
        files: the names of the brand's files.
    """
    if not isinstance(written, dict):
        yield f'{file} must be one JSON object of addresses by name, such as {{"public_site": "https://…"}}.'
        return
    yield from (f"{file}: {name} is missing." for name in _NEEDED if not written.get(name))
    needed = [file_of(page, language) for page in PAGES if not written.get(link_of(page)) for language in LANGUAGES]
    if missing := [name for name in needed if name not in files]:
        yield f"{file} leads nowhere else in the place of {', '.join(missing)}: write these pages, or their addresses."
    for name, link in written.items():
        if name not in {*_KNOWN, *map(link_of, PAGES)}:
            yield f"{file}: the portal has no link {name}."
        else:
            yield from _address_faults(f"{file}: {name}", link)


def _address_faults(name: str, link: object) -> Iterator[str]:
    addresses = list(link.values()) if isinstance(link, dict) and sorted(link) == sorted(LANGUAGES) else [link]
    for address in addresses:
        if not isinstance(address, str):
            yield f"{name} must be one address, or an object with one for fr and one for en."
        elif address and name.endswith(_CONTACT) and not address.startswith(("https://", "mailto:")):
            yield f"{name} must be an https:// address, or mailto: and a mailbox, not {address}."
        elif address and not is_address(address):
            yield f"{name} must begin with https:// or /, not {address}."
