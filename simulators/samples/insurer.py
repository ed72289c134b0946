"""An invented insurer. Its telephone number belongs to a range without subscribers."""

from __future__ import annotations

from typing import Final

from member_access.wording.insurer import Insurer

INSURER: Final = Insurer(
    name="Mutuelle de l’Exemple",
    address=("Service Adhérents", "12 rue de l’Exemple", "99999 EXEMPLEVILLE"),
    site="adherents.mutuelle.example",
    helpline="01 99 00 12 34",
    accent="#0b5563",
)
