"""A visitor of the portal: a person with a browser who finds elements only by the words on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Words:
    """The words on the screens, in one language."""

    switch: str
    sign_in_title: str
    sign_in: str
    remember: str
    identifier: str
    pin: str
    forgotten_pin: str
    first_visit: str
    have_code: str
    find_identifier: str
    get_code: str
    code_title: str
    email_code: str
    any_code: str
    confirm_title: str
    confirm: str
    nothing: str
    verify: str
    send_again: str
    by_letter: str
    letter_title: str
    new_pin_title: str
    new_pin: str
    confirmation: str
    save: str
    saved_title: str
    present_pin: str
    disabled_title: str
    nir: str
    day: str
    month: str
    year: str
    postcode: str
    find: str
    mail_title: str
    iban_title: str
    iban: str
    show_identifier: str
    found_title: str
    copy: str
    copied: str
    area_title: str
    change_pin: str
    passkeys: str
    passkey_offer: str
    passkey_sign_in: str
    sign_out: str
    signed_out: str
    changed: str
    wrong_pin: str
    wait: str
    may_try: str
    stay: str
    still_there: str
    keypad: str
    retry: str
    show_digits: str
    correct: str
    required: str
    try_later: str
    call_us: str
    no_answer: str
    slow: str
    unreachable_title: str
    unreachable: str
    code_expired: str
    sent_again: str
    connections: str
    end_session: str
    end_all: str
    forget_browser: str
    not_me: str
    block: str
    blocked: str
    email_sent: str


FRENCH = Words(
    switch="FR Français",
    sign_in_title="Se connecter",
    sign_in="Me connecter",
    remember="Se souvenir de mon identifiant sur cet appareil",
    identifier="Identifiant",
    pin="Mot de passe à 6 chiffres",
    forgotten_pin="Mot de passe oublié",
    first_visit="Première connexion",
    have_code="J’ai déjà un code",
    find_identifier="Retrouver mon identifiant",
    get_code="Recevoir un code",
    code_title="Saisir le code reçu par e-mail",
    email_code="Code à 6 chiffres reçu par e-mail",
    any_code="Code",
    confirm_title="Confirmer que c’est vous",
    confirm="Confirmer",
    nothing="Je n’ai rien reçu",
    verify="Vérifier",
    send_again="Demander un autre code",
    by_letter="Recevoir le code par courrier",
    letter_title="Votre demande est enregistrée",
    new_pin_title="Créer un nouveau mot de passe",
    new_pin="Nouveau mot de passe à 6 chiffres",
    confirmation="Confirmez le nouveau mot de passe",
    save="Enregistrer",
    saved_title="Votre mot de passe est enregistré",
    present_pin="Mot de passe actuel",
    disabled_title="Connexion bloquée",
    nir="Numéro de sécurité sociale",
    day="Jour",
    month="Mois",
    year="Année",
    postcode="Code postal",
    find="Valider",
    mail_title="Regardez vos e-mails",
    iban_title="Une dernière vérification",
    iban="6 derniers caractères de l’IBAN",
    show_identifier="Afficher mon identifiant",
    found_title="Votre identifiant",
    copy="Copier",
    copied="L’identifiant a été copié.",
    area_title="Votre espace",
    change_pin="Changer mon mot de passe",
    passkeys="Mes clés d’accès",
    passkey_offer="Se connecter sans code la prochaine fois",
    passkey_sign_in="Utiliser ma clé d’accès",
    sign_out="Me déconnecter",
    signed_out="Votre session est fermée.",
    changed="Votre mot de passe a été modifié. Connectez-vous avec le nouveau.",
    wrong_pin="L’identifiant ou le mot de passe à 6 chiffres est incorrect.",
    wait="Par mesure de sécurité, vous devez patienter 1mn avant une nouvelle tentative",
    may_try="Vous pouvez réessayer maintenant.",
    stay="Prolonger ma session",
    still_there="Êtes-vous toujours là ?",
    keypad="Clavier à l’écran",
    retry="Réessayer",
    show_digits="Afficher Mot de passe à 6 chiffres",
    correct="Effacer le dernier chiffre",
    required="Saisissez votre identifiant.",
    try_later="Le service est momentanément indisponible. Réessayez dans 1 minute.",
    call_us="Si cela se répète, appelez-nous au 01 99 00 12 34.",
    no_answer="Le service ne répond pas. Vous n’avez rien à ressaisir : réessayez dans un instant.",
    slow="La réponse tarde : la connexion est lente. Nous attendons encore.",
    unreachable_title="Cette page n’a pas pu être chargée",
    unreachable="Le service ne répond pas. Réessayez dans un instant.",
    code_expired="Le code n’est plus valable : demandez-en un autre.",
    sent_again="Votre demande est enregistrée. Si l’identifiant est exact, un nouveau code arrive par e-mail et le "
    "précédent n’est plus valable.",
    connections="Mes connexions",
    end_session="Terminer cette connexion",
    end_all="Me déconnecter partout, ici aussi",
    forget_browser="Oublier ce navigateur",
    not_me="Ce n’était pas moi",
    block="Tout bloquer",
    blocked="Votre mot de passe ne fonctionne plus et toutes les connexions sont terminées.",
    email_sent="Un e-mail contenant votre identifiant vous a été envoyé sur {email}. Si vous n’avez pas reçu l’e-mail, "
    "regardez dans vos courriers indésirables ou vos spams.",
)
ENGLISH = Words(
    switch="EN English",
    sign_in_title="Sign in",
    sign_in="Sign in",
    remember="Remember my identifier on this device",
    identifier="Identifier",
    pin="6-digit PIN",
    forgotten_pin="Forgotten PIN",
    first_visit="First visit",
    have_code="I already have a code",
    find_identifier="Find my identifier",
    get_code="Send me a code",
    code_title="Enter the code from your e-mail",
    email_code="6-digit code from your e-mail",
    any_code="Code",
    confirm_title="Confirm that it is you",
    confirm="Confirm",
    nothing="I received nothing",
    verify="Verify",
    send_again="Ask for another code",
    by_letter="Send the code by letter",
    letter_title="We have your request",
    new_pin_title="Create a new PIN",
    new_pin="New 6-digit PIN",
    confirmation="Confirm the new PIN",
    save="Save",
    saved_title="Your PIN is saved",
    present_pin="Current PIN",
    disabled_title="Sign-in blocked",
    nir="Social security number",
    day="Day",
    month="Month",
    year="Year",
    postcode="Postcode",
    find="Continue",
    mail_title="Check your e-mail",
    iban_title="One last check",
    iban="Last 6 characters of the IBAN",
    show_identifier="Show my identifier",
    found_title="Your identifier",
    copy="Copy",
    copied="Your identifier has been copied.",
    area_title="Your area",
    change_pin="Change my PIN",
    passkeys="My passkeys",
    passkey_offer="Sign in without a code next time",
    passkey_sign_in="Use my passkey",
    sign_out="Sign out",
    signed_out="You have signed out.",
    changed="Your PIN has been changed. Sign in with your new PIN.",
    wrong_pin="The identifier or the 6-digit PIN is incorrect.",
    wait="For your security, you must wait 1 min before trying again",
    may_try="You can try again now.",
    stay="Stay signed in",
    still_there="Are you still there?",
    keypad="On-screen keypad",
    retry="Try again",
    show_digits="Show 6-digit PIN",
    correct="Delete last digit",
    required="Enter your identifier.",
    try_later="The service is temporarily unavailable. Try again in 1 minute.",
    call_us="If this happens again, call us on 01 99 00 12 34.",
    no_answer="The service is not responding. Try again in a moment; you won’t have to type anything again.",
    slow="This is taking a while because your connection is slow. Please wait.",
    unreachable_title="This page could not be loaded",
    unreachable="The service is not responding. Try again in a moment.",
    code_expired="The code has expired. Ask for another one.",
    sent_again="We have your request. If the identifier is correct, a new code will arrive by e-mail, and the previous "
    "one no longer works.",
    connections="My connections",
    end_session="End this session",
    end_all="Sign out everywhere, here too",
    forget_browser="Forget this browser",
    not_me="This was not me",
    block="Block everything",
    blocked="Your PIN no longer works, and all sessions have ended.",
    email_sent="We have sent an e-mail with your identifier to {email}. If you did not receive the e-mail, check "
    "your junk or spam folder.",
)


@dataclass
class Visitor:
    """A person who uses the portal.

    Attributes:
        page: the page in the browser.
        words: the words in the person's language.
        requests: the addresses that the page requested.
        console: the lines that the page wrote to the browser's console.
    """

    page: Page
    words: Words
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def visit(self, url: str) -> None:
        """Open the portal and choose the language."""
        self.page.goto(url)
        if self.words is not FRENCH:
            # Before the page has started, the link loads it again at its first screen.
            self.page.locator("[data-starting]").wait_for(state="detached")
            self.press(self.words.switch)

    def field(self, label: str) -> Locator:
        """Find the field with a label."""
        return self.page.get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        """Replace the content of a field."""
        self.field(label).fill(text)

    def press(self, name: str) -> None:
        """Press a button or follow a link."""
        control = self.page.get_by_role("button", name=name, exact=True)
        control.or_(self.page.get_by_role("link", name=name, exact=True)).click()

    def go_back(self) -> None:
        """Go back to the screen before. Over BiDi, Playwright waits in vain for a page that need not load."""
        self.page.evaluate("new Promise(done => { addEventListener('popstate', done, {once: true}); history.back() })")

    def sees(self, title: str) -> None:
        """Wait for a screen; the first call of a function of the local cloud takes its time on a busy machine."""
        expect(self.page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible(timeout=30_000)

    def reads(self, text: str) -> None:
        """Wait for a sentence."""
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible(timeout=15_000)

    def sign_in(self, identifier: str, pin: str) -> None:
        """Fill in the form of the first screen and send it."""
        self.fill(self.words.identifier, identifier)
        self.fill(self.words.pin, pin)
        self.press(self.words.sign_in)


Colours = Literal["light", "dark"]


def open_browser(
    browser: Browser,
    words: Words = FRENCH,
    size: dict[str, int] = DESKTOP,
    colours: Colours = "light",
    *,
    calm: bool = False,
) -> Visitor:
    """Make a visitor with a new browser profile."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # width and height
        color_scheme=colours,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce" if calm else "no-preference",
    )
    context.set_default_timeout(15_000)
    visitor = Visitor(context.new_page(), words)
    visitor.page.on("request", lambda request: visitor.requests.append(request.url))
    visitor.page.on("console", lambda message: visitor.console.append(message.text))
    visitor.page.on("pageerror", lambda error: visitor.console.append(str(error)))
    return visitor
