"""Countries by their ISO 3166-1 alpha-2 code."""

from __future__ import annotations

from typing import ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import normalize

# The officially assigned codes of ISO 3166-1, from iso3166.tab of the time zone database, and XK for Kosovo, which the
# European Union and the post use from the part of the list that is free for users.
_ASSIGNED = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ
    BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR
    CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU
    ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
    LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
    SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
    TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table of codes reads better than 250 strings
)


class CountryCode(str):
    """The country of an address, as two capitals; France by default."""

    __slots__ = ()
    FRANCE: ClassVar = "FR"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a code in any case; an empty text means France.

        Raises:
            InvalidValue: ISO 3166-1 assigns no such code.
        """
        code = normalize(text).upper() or cls.FRANCE
        if code not in _ASSIGNED:
            raise InvalidValue("a country must be a two-letter ISO 3166-1 code, or empty for France")
        return cls(code)

    @property
    def is_france(self) -> bool:
        """Whether French postcodes apply; a territory with its own code counts as abroad."""
        return self == self.FRANCE
