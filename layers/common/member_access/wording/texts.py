"""The sentences that people read, in French and in English."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language the service answers members in; French unless the request asks for English."""

    FRENCH = "fr"
    ENGLISH = "en"

    @classmethod
    def preferred(cls, accept_language: str | None) -> Language:
        """Return the language an ``Accept-Language`` header prefers (RFC 9110 §12.5.4); French when in doubt."""
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
    """One sentence in each language."""

    fr: str
    en: str

    def in_(self, language: Language, **values: str) -> str:
        """Return the sentence in one language, with its placeholders filled in."""
        sentence = self.en if language is Language.ENGLISH else self.fr
        return sentence.format(**values)


class ProblemText(NamedTuple):
    """The texts of a problem (RFC 9457): its title, and the sentence to show the member."""

    title: Text
    detail: Text


_MINUTE = 60


def wait_text(seconds: int) -> Text:
    """Format a wait in words, rounded up to minutes from a minute on: ``45 secondes``, ``1 heure 5 minutes``."""
    if seconds < _MINUTE:
        return _counted(seconds, "seconde", "second")
    hours, minutes = divmod(-(-seconds // _MINUTE), 60)
    parts = [_counted(hours, "heure", "hour")] * bool(hours) + [_counted(minutes, "minute", "minute")] * bool(minutes)
    return Text(" ".join(part.fr for part in parts), " ".join(part.en for part in parts))


def promised_wait_text(seconds: int) -> Text:
    """Format a wait as the insurer promises the one of a minute: « vous devez patienter 1mn »."""
    return Text("1mn", "1 min") if seconds == _MINUTE else wait_text(seconds)


def _counted(number: int, french: str, english: str) -> Text:
    """Return a number with its noun. French takes the singular for 0 and 1."""
    in_french, in_english = ("s" if number > 1 else ""), ("" if number == 1 else "s")
    return Text(f"{number} {french}{in_french}", f"{number} {english}{in_english}")


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
        Text("Certains champs sont à corriger.", "Please correct the fields shown."),
    ),
    "forbidden-origin": ProblemText(
        Text("Page non autorisée", "Page not allowed"),
        Text(
            "Cette page ne peut pas appeler ce service. Ouvrez l’Espace Adhérent à son adresse habituelle.",
            "This page may not call this service. Open the member area at its usual address.",
        ),
    ),
    "not-found": ProblemText(
        Text("Page introuvable", "Not found"),
        Text("Cette adresse n’existe pas.", "This address does not exist."),
    ),
    "method-not-allowed": ProblemText(
        Text("Méthode refusée", "Method not allowed"),
        Text("Cette adresse n’accepte pas cette méthode.", "This address does not accept this method."),
    ),
    "request-too-large": ProblemText(
        Text("Requête trop longue", "Request too large"),
        Text("La requête dépasse la taille admise.", "The request is too large."),
    ),
    "invalid-credentials": ProblemText(
        Text("Identifiant ou mot de passe incorrect", "Incorrect identifier or PIN"),
        Text(
            "L’identifiant ou le mot de passe à 6 chiffres est incorrect.",
            "The identifier or the 6-digit PIN is incorrect.",
        ),
    ),
    "too-many-attempts": ProblemText(
        Text("Trop de tentatives", "Too many attempts"),
        Text(
            "Par mesure de sécurité, vous devez patienter {promised_wait} avant une nouvelle tentative",
            "For your security, you must wait {promised_wait} before trying again",
        ),
    ),
    "pin-disabled": ProblemText(
        Text("Connexion bloquée", "Sign-in blocked"),
        Text(
            "Par mesure de sécurité, la connexion avec cet identifiant est bloquée. Choisissez « Mot de passe oublié » "
            "pour créer un nouveau mot de passe.",
            "For your security, sign-in with this identifier is blocked. Choose “Forgotten PIN” to create a new PIN.",
        ),
    ),
    "invalid-code": ProblemText(
        Text("Code incorrect", "Incorrect code"),
        Text(
            "Ce code est incorrect ou n’est plus valable. Vérifiez-le, ou demandez-en un nouveau.",
            "This code is incorrect or has expired. Check it, or ask for a new one.",
        ),
    ),
    "sign-in-first": ProblemText(
        Text("Nouveau navigateur", "New browser"),
        Text(
            "Ce navigateur est nouveau pour vous. Connectez-vous d’abord, avec le code qui vous est envoyé.",
            "This browser is new for you. Sign in first, with the code that is sent to you.",
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
        Text("Informations non reconnues", "Details not recognised"),
        Text(
            "Les informations saisies ne permettent pas de vous reconnaître. Vérifiez-les, ou contactez-nous.",
            "We could not recognise you from these details. Check them, or contact us.",
        ),
    ),
    "not-authentic": ProblemText(
        Text("Expéditeur non reconnu", "Sender not recognised"),
        Text(
            "La signature ou les identifiants de cette notification sont incorrects.",
            "The signature or the credentials of this notification are incorrect.",
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
        Text("Saisies différentes", "PINs do not match"),
        Text(
            "Le mot de passe et sa confirmation sont différents.",
            "The two PINs you entered do not match.",
        ),
    ),
    "session-expired": ProblemText(
        Text("Session terminée", "Session ended"),
        Text("Votre session est terminée. Connectez-vous à nouveau.", "Your session has ended. Sign in again."),
    ),
    "invalid-token": ProblemText(
        Text("Connexion requise", "Sign-in required"),
        Text("Connectez-vous pour continuer.", "Sign in to continue."),
    ),
    "sign-in-again": ProblemText(
        Text("Nouvelle connexion requise", "New sign-in required"),
        Text(
            "Par sécurité, connectez-vous à nouveau pour faire ce changement.",
            "For your security, sign in again to make this change.",
        ),
    ),
    "passkey-not-added": ProblemText(
        Text("Clé d’accès non ajoutée", "Passkey not added"),
        Text(
            "Cette clé d’accès n’a pas pu être ajoutée. Recommencez, ou utilisez un autre appareil.",
            "This passkey could not be added. Try again, or use another device.",
        ),
    ),
    "too-many-passkeys": ProblemText(
        Text("Trop de clés d’accès", "Too many passkeys"),
        Text(
            "Vous avez déjà 10 clés d’accès. Supprimez-en une avant d’en ajouter une autre.",
            "You already have 10 passkeys. Delete one before you add another.",
        ),
    ),
    "try-later": ProblemText(
        Text("Service momentanément indisponible", "Service temporarily unavailable"),
        Text(
            "Le service est momentanément indisponible. Réessayez dans {wait}.",
            "The service is temporarily unavailable. Try again in {wait}.",
        ),
    ),
    "internal-error": ProblemText(
        Text("Erreur de notre côté", "An error on our side"),
        Text(
            "Une erreur est survenue de notre côté. Réessayez plus tard.",
            "Something went wrong on our side. Try again later.",
        ),
    ),
}

REFUSAL_REASONS: dict[str, Text] = {
    "passkey": Text(
        "Cette clé d’accès ne permet pas de vous connecter. Réessayez, ou connectez-vous avec votre identifiant et "
        "votre mot de passe.",
        "This passkey does not sign you in. Try again, or sign in with your identifier and your PIN.",
    ),
    "code-elsewhere": Text(
        "Saisissez ce code dans le navigateur où vous l’avez demandé, ou demandez un nouveau code.",
        "Enter this code in the browser where you asked for it, or ask for a new code.",
    ),
    "code-spent": Text(
        "Ce code n’est plus valable. Demandez un nouveau code.",
        "This code no longer works. Ask for a new code.",
    ),
}
"""Sentences that replace the ``detail`` of a problem where a refusal can say more."""

FIELD_REASONS: dict[str, Text] = {
    "missing": Text("Ce champ est obligatoire.", "This field is required."),
    "unknown": Text("La requête contient un champ inconnu.", "The request contains an unknown field."),
    "not-text": Text("Ce champ doit être du texte.", "This field must be text."),
    "not-an-object": Text("La requête doit être un objet JSON.", "The request must be a JSON object."),
    "identifier": Text(
        "L’identifiant a le mauvais format : vérifiez-le sur vos courriers.",
        "This is not a valid identifier. Check it on the letters we send you.",
    ),
    "six-digits": Text("Saisissez exactement 6 chiffres.", "Enter exactly 6 digits."),
    "code": Text(
        "Un code reçu par e-mail comporte 6 chiffres, un code reçu par courrier 10 chiffres.",
        "A code from an e-mail has 6 digits, a code from a letter has 10 digits.",
    ),
    "nir": Text(
        "Le numéro de sécurité sociale comporte 13 caractères, ou 15 avec sa clé.",
        "A social security number has 13 characters, or 15 with the two-digit key.",
    ),
    "nir-key": Text(
        "La clé ne correspond pas au numéro de sécurité sociale : vérifiez les chiffres.",
        "The key does not match the social security number. Check the digits.",
    ),
    "birth-date": Text(
        "Donnez l’année à 4 chiffres, le mois et le jour d’une date réelle, avec 00 pour un mois ou un jour inconnu.",
        "Enter a real date with a 4-digit year. If the month or the day is unknown, enter 00.",
    ),
    "postcode": Text(
        "Le code postal comporte 5 chiffres en France, jusqu’à 16 lettres et chiffres ailleurs.",
        "A postcode has 5 digits in France, or up to 16 letters and digits in another country.",
    ),
    "iban-last-six": Text(
        "Il faut les 6 derniers caractères de l’IBAN, lettres ou chiffres.",
        "Enter the last 6 characters of the IBAN (letters or digits).",
    ),
    "passkey-name": Text(
        "Le nom comporte au plus 60 caractères, tous visibles.",
        "A name has at most 60 characters, all of them visible.",
    ),
    "channel": Text("Seul le choix « letter » est possible.", "The only possible choice is “letter”."),
    "pin-common": Text("Ce mot de passe est parmi les plus utilisés.", "This is one of the most common PINs."),
    "pin-pattern": Text(
        "Ce mot de passe fait partie de ceux que l’on devine vite.",
        "This PIN is one of those that are quick to guess.",
    ),
    "pin-identifier": Text("Ce mot de passe figure dans votre identifiant.", "This PIN is part of your identifier."),
    "pin-postcode": Text("Ce mot de passe contient votre code postal.", "This PIN contains your postcode."),
    "pin-birth-date": Text("Ce mot de passe est votre date de naissance.", "This PIN is your date of birth."),
    "pin-nir": Text(
        "Ce mot de passe figure dans votre numéro de sécurité sociale.",
        "This PIN is part of your social security number.",
    ),
    "pin-iban": Text("Ce mot de passe figure à la fin de votre IBAN.", "This PIN is part of the end of your IBAN."),
    "pin-previous": Text("Ce mot de passe est celui que vous aviez déjà.", "This is already your PIN."),
    "pin-confirmation": Text("La confirmation doit être identique au mot de passe.", "The two PINs must be the same."),
    "invalid": Text("Ce champ est incorrect.", "This field is not valid."),
}
