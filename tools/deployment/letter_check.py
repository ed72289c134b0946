"""Typesets a letter of a deployment before anything is built: texts and logo of the insurer must fit the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from letters.model.job import ProviderName
from letters.page.geometry import window_of
from letters.page.typesetting import LOGO_FILE, LetterTypesetter
from local.brand.drawings import faults
from local.build import LOGO
from member_access.errors import InvalidValue
from member_access.postal.address_block import LetterCannotBeSet
from member_access.wording.insurer import Insurer
from member_access.wording.texts import Language
from simulators.samples.letters import SEVEN_LINES, code_letter
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from letters.page.geometry import AddressWindow


def check_letter(parameters: Mapping[str, str], brand: Path | None) -> None:
    """Reject an insurer whose letters or e-mails could not be made: no code would reach a member.

    Args:
        parameters: those that are sent.
        brand: the folder of the brand; None for the example.

    Raises:
        DeployRefused: it says why.
    """
    logo = brand / LOGO if brand else LOGO_FILE
    if not logo.exists():
        raise DeployRefused(f"The brand in {brand} has no {LOGO}.")
    if wrong := list(faults(str(logo), logo.read_bytes())):
        raise DeployRefused("\n".join(wrong))
    try:
        typesetter = LetterTypesetter(_insurer(parameters), _window(parameters), logo)
        for language in Language:
            typesetter.typeset(code_letter(language=language, to=SEVEN_LINES))
    except (InvalidValue, LetterCannotBeSet) as refused:
        raise DeployRefused(f"No letter can be made with these Insurer… parameters and {logo}: {refused}") from refused


def _insurer(parameters: Mapping[str, str]) -> Insurer:
    return Insurer(
        parameters["InsurerName"],
        tuple(line.strip() for line in parameters["InsurerAddress"].split("|")),
        parameters["InsurerSite"],
        parameters["InsurerHelpline"],
        parameters["BrandAccent"],
    )


def _window(parameters: Mapping[str, str]) -> AddressWindow:
    position: Literal["left", "right"] = "left" if parameters["PingenAddressPosition"] == "left" else "right"
    return window_of(ProviderName(parameters["LetterProvider"]), position)
