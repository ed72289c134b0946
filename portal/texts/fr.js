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

	"keypad.show": "Afficher les chiffres",
	"keypad.toggle": "Clavier à l’écran",
	"keypad.clear": "Effacer tout",
	"keypad.back": "Corriger",

	"sign-in.title": "Se connecter",
	"sign-in.submit": "Me connecter",
	"sign-in.ways": "Je n’arrive pas à me connecter",
	"sign-in.forgotten-pin": "Mot de passe oublié",
	"sign-in.letter": "J’ai reçu mon courrier",
	"sign-in.find-identifier": "Retrouver mon identifiant",

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
};
