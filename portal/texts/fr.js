/** French texts of the sign-in screen and of failures on every screen; French is also the default language. */

export default {
	"page.area": "Espace Adhérent",
	"page.skip": "Aller au contenu",
	"page.back": "Revenir à la connexion",
	"page.other-language": "English",
	"page.help": "Besoin d’aide ? Appelez-nous au {helpline}.",

	"field.identifier": "Identifiant",
	"field.identifier.hint": "De 6 à 12 lettres ou chiffres : il figure sur vos courriers.",
	"field.pin": "Mot de passe à 6 chiffres",
	"field.digits-only": "Ce champ n’accepte que des chiffres.",
	"field.digits-most": "Ce champ prend {count} chiffres au plus.",

	"keypad.toggle": "Clavier à l’écran",
	"keypad.clear": "Effacer tout",
	"keypad.back": "Effacer le dernier chiffre",
	"keypad.goal": "Ces touches remplissent : {field}.",

	"sign-in.title": "Se connecter",
	"sign-in.submit": "Me connecter",
	"sign-in.ways": "Je n’arrive pas à me connecter",
	"sign-in.forgotten-pin": "Mot de passe oublié",
	"sign-in.find-identifier": "Retrouver mon identifiant",
	"sign-in.needed": "L’identifiant et le mot de passe sont obligatoires.",
	"sign-in.remember": "Se souvenir de mon identifiant sur cet appareil",
	"sign-in.first-visit": "Première connexion",
	"sign-in.forgotten-pin.question": "Mot de passe oublié ?",
	"sign-in.have-code": "J’ai déjà un code",

	"wait.remaining": "Vous pourrez réessayer dans {time}.",
	"wait.over": "Vous pouvez réessayer maintenant.",
	"problem.sending": "Un instant…",
	"problem.slow": "La réponse tarde : la connexion est lente. Nous attendons encore.",
	"problem.offline": "Vous semblez hors connexion. Vérifiez votre accès à Internet, puis réessayez.",
	"problem.no-answer": "Le service ne répond pas. Vous n’avez rien à ressaisir : réessayez dans un instant.",
	"problem.title.no-answer": "Pas de réponse",
	"problem.call": "Si cela se répète, appelez-nous au {helpline}.",
	"problem.retry": "Réessayer",
	"unreachable.title": "Cette page n’a pas pu être chargée",
	"unreachable.no-answer": "Le service ne répond pas. Réessayez dans un instant.",

	"form.all-needed": "Tous les champs sont obligatoires.",

	"pin.show": "Afficher",
	"pin.hide": "Masquer",
	"pin.shown": "Les chiffres sont affichés.",
	"pin.hidden": "Les chiffres sont masqués.",

	"missing.identifier": "Saisissez votre identifiant.",
	"missing.pin": "Saisissez votre mot de passe.",

	"errors.title": "Corrigez ce qui suit",
	"errors.prefix": "Erreur : ",

	"tries.wait.one": "Il vous reste 1 essai avant une attente.",
	"tries.wait.several": "Il vous reste {count} essais avant une attente.",
	"tries.block.one": "Il vous reste 1 essai avant le blocage de la connexion.",
	"tries.block.several": "Il vous reste {count} essais avant le blocage de la connexion.",
};
