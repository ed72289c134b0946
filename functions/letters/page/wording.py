"""The letter's sentences, in French and in English.

They say nothing about the member's health, and they never contain the identifier: someone who opens the letter must
not hold both halves of a sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from member_access.wording.long_dates import last_whole_day, long_date
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from member_access.values.types import Instant
    from member_access.wording.insurer import Insurer


@dataclass(frozen=True)
class LetterWording:
    """Every sentence of one letter in one language, ready for typesetting, without the code itself.

    Attributes:
        date: the day of the request.
        title: the letter's subject, also the title in the PDF's metadata.
        salutation: the greeting.
        opening: why the member gets the letter.
        code_label: the label above the code.
        single_use: says, below the code, that it works once.
        validity: how long the code works.
        steps_heading: the heading above the steps.
        steps: what to do with the code, in order.
        identifier_help: where to go without an identifier.
        secrecy_heading: the heading above ``secrecy``.
        secrecy: says that the insurer never asks for the code.
        not_asked_heading: the heading above ``not_asked``.
        not_asked: what to do with a letter that the member did not request.
        help_heading: the heading above ``help``.
        help: whom to call.
        closing: the complimentary close.
        signature: the signatory.
    """

    date: str
    title: str
    salutation: str
    opening: str
    code_label: str
    single_use: str
    validity: str
    steps_heading: str
    steps: tuple[str, ...]
    identifier_help: str
    secrecy_heading: str
    secrecy: str
    not_asked_heading: str
    not_asked: str
    help_heading: str
    help: str
    closing: str
    signature: str


def letter_wording(language: Language, insurer: Insurer, requested_at: Instant, expires_at: Instant) -> LetterWording:
    """Write the sentences of a letter from when it was requested and when its code expires."""
    requested = long_date(requested_at, language)
    last_day = last_whole_day(expires_at, language)
    if language is Language.ENGLISH:
        return _english(insurer, requested, last_day)
    return _french(insurer, requested, last_day)


def invitation_wording(
    language: Language, insurer: Insurer, requested_at: Instant, expires_at: Instant
) -> LetterWording:
    """Write the sentences of a letter that welcomes a member who has no PIN yet."""
    letter = letter_wording(language, insurer, requested_at, expires_at)
    go, _, enter, _ = letter.steps
    if language is Language.ENGLISH:
        return replace(
            letter,
            title="Welcome to your member area",
            opening="Your member area is open. This security code lets you create your 6-digit PIN.",
            steps=(go, "Choose “I already have a code”.", enter, "Choose a 6-digit PIN and confirm it."),
            identifier_help="You do not know your identifier? You can find it on the same website.",
            not_asked_heading="If you do not want a PIN for now",
            not_asked="You have nothing to do. Destroy this letter; you can ask for another code at any time.",
        )
    return replace(
        letter,
        title="Bienvenue dans votre espace adhérent",
        opening=(
            "Votre espace adhérent est ouvert. "
            "Ce code de sécurité vous permet de créer votre mot de passe à 6 chiffres."
        ),
        steps=(
            go,
            "Choisissez « J’ai déjà un code ».",
            enter,
            "Choisissez un mot de passe à 6 chiffres et confirmez-le.",
        ),
        identifier_help="Vous ne connaissez pas votre identifiant ? Le même site vous aide à le trouver.",
        not_asked_heading="Vous ne voulez pas de mot de passe pour l’instant ?",
        not_asked=(
            "Vous n’avez rien à faire. Détruisez cette lettre ; vous pourrez demander un autre code à tout moment."
        ),
    )


def confirmation_wording(
    language: Language, insurer: Insurer, requested_at: Instant, expires_at: Instant
) -> LetterWording:
    """Write the sentences of a letter whose code confirms a sign-in in a new browser."""
    letter = letter_wording(language, insurer, requested_at, expires_at)
    go, *_ = letter.steps
    if language is Language.ENGLISH:
        return replace(
            letter,
            title="Your security code to confirm your sign-in",
            opening="Your PIN was entered in a new browser. This security code confirms that it was you.",
            steps=(
                go,
                "Sign in with your identifier and your PIN.",
                "Enter the 10 digits of this code, then press “Confirm”.",
            ),
            not_asked_heading="If it was not you",
            not_asked=(
                "Someone knows your PIN. Destroy this letter, then choose “Forgotten PIN” on the same website and "
                f"create another PIN. Please call us on {insurer.helpline} to let us know."
            ),
        )
    return replace(
        letter,
        title="Votre code de sécurité pour confirmer votre connexion",
        opening=(
            "Votre mot de passe a été saisi dans un nouveau navigateur. "
            "Ce code de sécurité confirme que c’était bien vous."
        ),
        steps=(
            go,
            "Connectez-vous avec votre identifiant et votre mot de passe.",
            "Saisissez les 10 chiffres de ce code, puis appuyez sur « Confirmer ».",
        ),
        not_asked_heading="Ce n’était pas vous ?",
        not_asked=(
            "Quelqu’un connaît votre mot de passe. Détruisez ce courrier, puis choisissez « Mot de passe oublié » sur "
            f"le même site et créez un autre mot de passe. Merci de nous prévenir au {insurer.helpline}."
        ),
    )


def _french(insurer: Insurer, requested: str, last_day: str) -> LetterWording:
    return LetterWording(
        date=f"Le {requested}",
        title="Votre code de sécurité pour créer votre mot de passe",
        salutation="Madame, Monsieur,",
        opening=(
            "Un code de sécurité a été demandé pour votre espace adhérent. "
            "Il vous permet de créer votre mot de passe à 6 chiffres."
        ),
        code_label="Votre code de sécurité",
        single_use="Il ne sert qu’une seule fois.",
        validity=f"Il est valable jusqu’au {last_day} inclus (heure de Paris).",
        steps_heading="Comment utiliser ce code",
        steps=(
            f"Sur internet, allez à l’adresse {insurer.site}.",
            "Choisissez « J’ai déjà un code ».",
            "Saisissez votre identifiant et les 10 chiffres de ce code, puis appuyez sur « Vérifier ».",
            "Choisissez votre mot de passe à 6 chiffres et confirmez-le.",
        ),
        identifier_help="Vous ne connaissez plus votre identifiant ? Le même site vous aide à le retrouver.",
        secrecy_heading="Gardez ce code pour vous",
        secrecy="Nous ne vous le demanderons jamais par téléphone, ni par e-mail, ni chez vous.",
        not_asked_heading="Vous n’avez pas demandé ce code ?",
        not_asked=(
            "Ne l’utilisez pas et détruisez ce courrier : votre mot de passe n’a pas changé. "
            f"Merci de nous prévenir au {insurer.helpline}."
        ),
        help_heading="Besoin d’aide ?",
        help=f"Appelez-nous au {insurer.helpline}.",
        closing="Veuillez agréer, Madame, Monsieur, nos salutations distinguées.",
        signature="Le service Adhérents",
    )


def _english(insurer: Insurer, requested: str, last_day: str) -> LetterWording:
    return LetterWording(
        date=requested,
        title="Your security code to create your PIN",
        salutation="Dear member,",
        opening="A security code was requested for your member area. It lets you create your 6-digit PIN.",
        code_label="Your security code",
        single_use="You can use it only once.",
        validity=f"It is valid until the end of {last_day} (Paris time).",
        steps_heading="How to use this code",
        steps=(
            f"On the internet, go to {insurer.site}.",
            "Choose “I already have a code”.",
            "Enter your identifier and the 10 digits of this code, then press “Verify”.",
            "Choose your 6-digit PIN and confirm it.",
        ),
        identifier_help="Forgotten your identifier? You can find it on the same website.",
        secrecy_heading="Keep this code to yourself",
        secrecy="We will never ask you for it by telephone, by e-mail or at your door.",
        not_asked_heading="If you did not ask for this code",
        not_asked=(
            "Do not use it, and destroy this letter. Your PIN has not changed. "
            f"Please call us on {insurer.helpline} to let us know."
        ),
        help_heading="Need help?",
        help=f"Call us on {insurer.helpline}.",
        closing="Yours sincerely,",
        signature="Member services",
    )
