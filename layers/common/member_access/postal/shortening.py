"""Shortens lines of an address beyond the 38 characters of NF Z10-011, as the norm and La Poste do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LINE: Final = 38
"""The characters of a line, blanks included (NF Z10-011)."""

_NAME_PARTS: Final = re.compile(r"[^\s’'-]+")

_STREET_WORDS: Final = {
    "ALLÉE": "ALL", "ALLEE": "ALL", "ALLÉES": "ALL", "ALLEES": "ALL", "AVENUE": "AV", "BOULEVARD": "BD",
    "CENTRE": "CTRE", "CHEMIN": "CHE", "CLINIQUE": "CLIN", "COURS": "CRS", "DOMAINE": "DOM", "ESPLANADE": "ESP",
    "FAUBOURG": "FG", "GALERIE": "GAL", "HAMEAU": "HAM", "IMMEUBLE": "IMM", "IMPASSE": "IMP", "LIEU-DIT": "LD",
    "LOTISSEMENT": "LOT", "PASSAGE": "PAS", "PLACE": "PL", "PROMENADE": "PROM", "QUARTIER": "QUA",
    "RÉSIDENCE": "RES", "RESIDENCE": "RES", "ROND-POINT": "RPT", "ROUTE": "RTE", "SENTIER": "SEN", "SQUARE": "SQ",
    "TERRASSE": "TSSE", "TRAVERSE": "TRA", "VILLAGE": "VLGE", "ZONE": "Z", "ARTISANALE": "A", "INDUSTRIELLE": "I",
    "APPARTEMENT": "APPT", "BÂTIMENT": "BAT", "BATIMENT": "BAT", "ENTRÉE": "ENT", "ENTREE": "ENT",
    "ESCALIER": "ESC", "ÉTAGE": "ETG", "ETAGE": "ETG", "PAVILLON": "PAV", "PORTE": "PTE",
    "ADJUDANT": "ADJ", "CAPITAINE": "CNE", "COLONEL": "CNL", "COMMANDANT": "CDT", "COMMANDEUR": "CDR",
    "DOCTEUR": "DR", "GÉNÉRAL": "GAL", "GENERAL": "GAL", "LIEUTENANT": "LT", "MARÉCHAL": "MAL", "MARECHAL": "MAL",
    "MONSEIGNEUR": "MGR", "PRÉSIDENT": "PDT", "PRESIDENT": "PDT", "PROFESSEUR": "PR", "SERGENT": "SGT",
    "FRANÇAIS": "FR", "FRANCAIS": "FR", "GRAND": "GD", "GRANDE": "GDE", "HAUT": "HT", "HAUTE": "HTE",
    "NOTRE-DAME": "ND", "NOUVEAU": "NOUV", "NOUVELLE": "NOUV", "PETIT": "PT", "PETITE": "PTE",
    "SAINT": "ST", "SAINTE": "STE", "SAINTS": "STS", "VIEUX": "VX", "VIEILLE": "VLE",
}  # fmt: skip
"""Abbreviations of NF Z10-011's annex, and those of the national address file (FANTOIR) for the types of streets."""

_TOWN_WORDS: Final = (
    {"SAINT": "ST", "SAINTE": "STE", "SAINTS": "STS", "SAINTES": "STES"},
    {"SUR": "S/", "SOUS": "S/S"},
    {"GRAND": "GD", "GRANDE": "GDE", "NOTRE-DAME": "ND", "PETIT": "PT", "VIEUX": "VX", "CHÂTEAU": "CHAT"},
)
"""La Poste writes the town of a mail (*libellé d'acheminement*) with at most 32 letters, by ``ST`` and ``S/`` first."""
_SMALL: Final = frozenset(
    {"ET", "EN", "LE", "LA", "LES", "DE", "DU", "DES", "D", "L", "AUX", "AU", "À", "A", "LÈS", "LEZ"}
)
_JOINING: Final = _SMALL | {"S/", "S/S", "SUR", "SOUS", "ST", "STE", "STS", "STES", "SAINT", "SAINTE"}
_CEDEX: Final = re.compile(r" CEDEX( \d{1,2})?$")


def short_name(first_name: str, last_name: str, longest: int = LINE) -> str:
    """Write first and last name on a line, shortened by the rule of NF Z10-011 if they are too long.

    First names become initials, from the last to the first. The last name is kept as long as it can be.
    """
    for first in _shorter_first_names(first_name):
        name = f"{first} {last_name}".strip()
        if len(name) <= longest:
            return name
    initial = first_name[:1]
    return f"{initial} {cut(last_name, longest - 2)}".strip() if last_name else cut(first_name, longest)


def short_town(town: str, longest: int) -> str:
    """Shorten a town in capitals as La Poste does: words by their abbreviation, then small words left out, then cut.

    ``CEDEX`` stays, because it leads to another place of distribution. No word that only joins two others ends a town.
    """
    if cedex := _CEDEX.search(town):
        return short_town(town[: cedex.start()], longest - len(cedex[0])) + cedex[0]
    for words in _TOWN_WORDS:
        if len(town) > longest:
            town = _abbreviated(town, words, longest)
    if len(town) > longest:
        town = _without_small_words(town, longest)
    if len(town) > longest:
        *kept, last = cut(town, longest).split(" ")
        while kept and last in _JOINING:
            last = kept.pop()
        town = " ".join((*kept, last))
    return town


def short_line(line: str, longest: int = LINE) -> str:
    """Abbreviate the words of a line from left to right until it fits. The last word stays: sorters read by it.

    Returns:
        The line, still longer if that was not enough.
    """
    return _abbreviated(line, _STREET_WORDS, longest)


def cut(text: str, longest: int) -> str:
    """Cut a text that is too long, between two words if one of the last ten characters is a blank."""
    if len(text) <= longest:
        return text
    shorter = text[: longest + 1]
    space = shorter.rfind(" ")
    return shorter[:space] if space >= longest - 10 else shorter[:longest].rstrip(" -’'")


def _abbreviated(line: str, words: Mapping[str, str], longest: int) -> str:
    parts = re.split(r"([ -])", line)
    for index in range(0, len(parts) - 1, 2):
        if len("".join(parts)) <= longest:
            break
        # Two words with a hyphen may have an abbreviation of their own.
        double = "".join(parts[index : index + 3]).upper().replace(" ", "-")
        if index + 3 < len(parts) and double in words:
            parts[index : index + 3] = [words[double], "", ""]
        elif parts[index].upper() in words:
            parts[index] = words[parts[index].upper()]
    return "".join(parts)


def _without_small_words(town: str, longest: int) -> str:
    parts = town.split(" ")
    for index in range(len(parts) - 2, 0, -1):
        if len(" ".join(parts)) <= longest:
            break
        if parts[index] in _SMALL:
            del parts[index]
    return " ".join(parts)


def _shorter_first_names(first_name: str) -> Iterator[str]:
    """Yield the first names with one more part as an initial each time, from the last on, then the first initial."""
    yield first_name
    shorter = first_name
    parts: Sequence[re.Match[str]] = list(_NAME_PARTS.finditer(first_name))
    for part in reversed(parts):
        shorter = shorter[: part.start()] + part[0][0] + shorter[part.end() :]
        yield shorter
    if parts:
        yield parts[0][0][0]
