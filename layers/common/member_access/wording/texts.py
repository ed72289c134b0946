"""The sentences that people read, in French and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language that members are answered in; French where nothing else was asked for."""

    FRENCH = "fr"
    ENGLISH = "en"

    @classmethod
    def preferred(cls, accept_language: str | None) -> Language:
        """The language an ``Accept-Language`` header asks for (RFC 9110 §12.5.4); French when in doubt."""
        weights = {cls.FRENCH: 0.0, cls.ENGLISH: 0.0}
        for part in (accept_language or "").split(","):
            tag, _, parameter = part.partition(";")
            primary = tag.strip().lower().partition("-")[0]
            if primary in weights:
                language = cls(primary)
                weights[language] = max(weights[language], _quality(parameter))
        return cls.ENGLISH if weights[cls.ENGLISH] > weights[cls.FRENCH] else cls.FRENCH


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0


class Text(NamedTuple):
    """One sentence in every language."""

    fr: str
    en: str

    def in_(self, language: Language, **values: str) -> str:
        """The sentence in one language, with its blanks filled in."""
        sentence = self.en if language is Language.ENGLISH else self.fr
        return sentence.format(**values)


class ProblemText(NamedTuple):
    """What a problem (RFC 9457) says: its title, and the sentence to show."""

    title: Text
    detail: Text


def wait_text(seconds: int) -> str:
    """A wait as the help page writes it: ``45s``, ``1mn``, ``2mn``, ``1h``; never less than there is to wait."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds}s"
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    return f"{minutes}mn" if not hours else f"{hours}h{rest:02}" if rest else f"{hours}h"


PROBLEMS: dict[str, ProblemText] = {
    "malformed-request": ProblemText(
        Text("Requête illisible", "Unreadable request"),
        Text(
            "La requête doit être un objet JSON, annoncé par Content-Type: application/json.",
            "The request must be a JSON object, declared by Content-Type: application/json.",
        ),
    ),
    "invalid-request": ProblemText(
        Text("Requête incorrecte", "Invalid request"),
        Text("Certains champs sont à corriger.", "Some fields need correcting."),
    ),
    "not-found": ProblemText(
        Text("Page introuvable", "Not found"),
        Text("Cette adresse n’existe pas.", "This address does not exist."),
    ),
    "method-not-allowed": ProblemText(
        Text("Méthode refusée", "Method not allowed"),
        Text("Cette adresse n’accepte pas cette méthode.", "This address does not take this method."),
    ),
    "request-too-large": ProblemText(
        Text("Requête trop longue", "Request too large"),
        Text("La requête dépasse la taille admise.", "The request is larger than accepted."),
    ),
    "invalid-credentials": ProblemText(
        Text("Identifiant ou mot de passe incorrect", "Wrong identifier or PIN"),
        Text(
            "L’identifiant ou le mot de passe à 6 chiffres est incorrect.",
            "The identifier or the 6-digit PIN is wrong.",
        ),
    ),
    "too-many-attempts": ProblemText(
        Text("Trop de tentatives", "Too many attempts"),
        Text(
            "Par mesure de sécurité, vous devez patienter {wait} avant une nouvelle tentative",
            "For your security, you must wait {wait} before trying again",
        ),
    ),
    "pin-disabled": ProblemText(
        Text("Mot de passe désactivé", "PIN disabled"),
        Text(
            "Par mesure de sécurité, votre mot de passe a été désactivé. Choisissez « Mot de passe oublié » "
            "pour en créer un nouveau.",
            "For your security, your PIN has been disabled. Choose “Forgotten PIN” to create a new one.",
        ),
    ),
    "invalid-code": ProblemText(
        Text("Code incorrect", "Wrong code"),
        Text(
            "Ce code est incorrect ou n’est plus valable. Vérifiez-le, ou demandez-en un nouveau.",
            "This code is wrong or no longer valid. Check it, or ask for a new one.",
        ),
    ),
    "invalid-reset-token": ProblemText(
        Text("Demande expirée", "Request expired"),
        Text(
            "Votre demande n’est plus valable. Recommencez à partir de « Mot de passe oublié ».",
            "Your request is no longer valid. Start again from “Forgotten PIN”.",
        ),
    ),
    "not-recognised": ProblemText(
        Text("Informations non reconnues", "Information not recognised"),
        Text(
            "Les informations saisies ne permettent pas de vous reconnaître. Vérifiez-les, ou contactez-nous.",
            "What you entered does not let us recognise you. Check it, or contact us.",
        ),
    ),
    "not-authentic": ProblemText(
        Text("Expéditeur non reconnu", "Sender not recognised"),
        Text(
            "La signature ou les identifiants de cette notification sont incorrects.",
            "The signature or the credentials of this notification are wrong.",
        ),
    ),
    "weak-pin": ProblemText(
        Text("Mot de passe trop facile à deviner", "PIN too easy to guess"),
        Text(
            "Ce mot de passe est trop facile à deviner. Choisissez-en un autre.",
            "This PIN is too easy to guess. Choose another one.",
        ),
    ),
    "pins-differ": ProblemText(
        Text("Saisies différentes", "Entries differ"),
        Text(
            "Le mot de passe et sa confirmation sont différents.",
            "The PIN and its confirmation are different.",
        ),
    ),
    "session-expired": ProblemText(
        Text("Session terminée", "Session ended"),
        Text("Votre session est terminée. Connectez-vous à nouveau.", "Your session has ended. Sign in again."),
    ),
    "try-later": ProblemText(
        Text("Service momentanément indisponible", "Service unavailable for the moment"),
        Text(
            "Le service est momentanément indisponible. Réessayez dans {wait}.",
            "The service is unavailable for the moment. Try again in {wait}.",
        ),
    ),
    "internal-error": ProblemText(
        Text("Erreur interne", "Internal error"),
        Text(
            "Une erreur est survenue de notre côté. Réessayez plus tard.",
            "Something went wrong on our side. Try again later.",
        ),
    ),
}

FIELD_REASONS: dict[str, Text] = {
    "missing": Text("Ce champ est obligatoire.", "This field is required."),
    "unknown": Text("La requête contient un champ inconnu.", "The request has a field that is not known."),
    "not-text": Text("Ce champ doit être du texte.", "This field must be text."),
    "not-an-object": Text("La requête doit être un objet JSON.", "The request must be a JSON object."),
    "identifier": Text(
        "L’identifiant a le mauvais format : vérifiez-le sur vos courriers.",
        "The identifier has the wrong form: check it on your letters.",
    ),
    "six-digits": Text("Il faut exactement six chiffres.", "Exactly six digits are needed."),
    "nir": Text(
        "Le numéro de sécurité sociale comporte 13 caractères, ou 15 avec sa clé.",
        "The social-security number has 13 characters, or 15 with its key.",
    ),
    "nir-key": Text(
        "La clé ne correspond pas au numéro de sécurité sociale : vérifiez les chiffres.",
        "The key does not match the social-security number: check the digits.",
    ),
    "birth-date": Text(
        "Donnez l’année à 4 chiffres, le mois et le jour d’une date réelle, avec 00 pour un mois ou un jour inconnu.",
        "Give the year in 4 digits, the month and the day of a real date, with 00 for an unknown month or day.",
    ),
    "postcode": Text(
        "Le code postal comporte 5 chiffres en France, jusqu’à 16 lettres et chiffres ailleurs.",
        "The postcode has 5 digits in France, up to 16 letters and digits elsewhere.",
    ),
    "iban-last-six": Text(
        "Il faut les 6 derniers caractères de l’IBAN, lettres ou chiffres.",
        "The last 6 characters of the IBAN are needed, letters or digits.",
    ),
    "channel": Text("Seul le choix « letter » est possible.", "Only “letter” can be chosen."),
    "token": Text("Cette valeur n’est pas celle qui a été reçue.", "This is not the value that was given."),
    "pin-common": Text("Ce mot de passe est parmi les plus utilisés.", "This PIN is among the most commonly used."),
    "pin-pattern": Text(
        "Ce mot de passe suit une règle simple (suite, répétition, symétrie).",
        "This PIN follows a simple pattern (sequence, repetition, mirror).",
    ),
    "pin-identifier": Text("Ce mot de passe figure dans votre identifiant.", "This PIN is part of your identifier."),
    "pin-postcode": Text("Ce mot de passe contient votre code postal.", "This PIN holds your postcode."),
    "pin-previous": Text("Ce mot de passe est celui que vous aviez déjà.", "This PIN is the one you already had."),
    "pin-confirmation": Text(
        "La confirmation doit être identique au mot de passe.", "The confirmation must be the same as the PIN."
    ),
    "invalid": Text("Ce champ est incorrect.", "This field is not valid."),
}
