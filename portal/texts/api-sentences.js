/** The API's sentences, in French and in English: `make client` writes them. */
export default [
	{
		fr: "Requête illisible",
		en: "Unreadable request",
	},
	{
		fr: "La requête doit être un objet JSON, annoncé par Content-Type: application/json.",
		en: "The request must be a JSON object, declared by Content-Type: application/json.",
	},
	{
		fr: "Requête incorrecte",
		en: "Invalid request",
	},
	{
		fr: "Certains champs sont à corriger.",
		en: "Please correct the fields shown.",
	},
	{
		fr: "Page non autorisée",
		en: "Page not allowed",
	},
	{
		fr: "Cette page ne peut pas appeler ce service. Ouvrez l’Espace Adhérent à son adresse habituelle.",
		en: "This page may not call this service. Open the member area at its usual address.",
	},
	{
		fr: "Page introuvable",
		en: "Not found",
	},
	{
		fr: "Cette adresse n’existe pas.",
		en: "This address does not exist.",
	},
	{
		fr: "Méthode refusée",
		en: "Method not allowed",
	},
	{
		fr: "Cette adresse n’accepte pas cette méthode.",
		en: "This address does not accept this method.",
	},
	{
		fr: "Requête trop longue",
		en: "Request too large",
	},
	{
		fr: "La requête dépasse la taille admise.",
		en: "The request is too large.",
	},
	{
		fr: "Identifiant ou mot de passe incorrect",
		en: "Incorrect identifier or PIN",
	},
	{
		fr: "L’identifiant ou le mot de passe à 6 chiffres est incorrect.",
		en: "The identifier or the 6-digit PIN is incorrect.",
	},
	{
		fr: "Trop de tentatives",
		en: "Too many attempts",
	},
	{
		fr: "Par mesure de sécurité, vous devez patienter {promised_wait} avant une nouvelle tentative",
		en: "For your security, you must wait {promised_wait} before trying again",
	},
	{
		fr: "Connexion bloquée",
		en: "Sign-in blocked",
	},
	{
		fr: "Par mesure de sécurité, la connexion avec cet identifiant est bloquée. Choisissez « Mot de passe oublié » pour créer un nouveau mot de passe.",
		en: "For your security, sign-in with this identifier is blocked. Choose “Forgotten PIN” to create a new PIN.",
	},
	{
		fr: "Code incorrect",
		en: "Incorrect code",
	},
	{
		fr: "Ce code est incorrect ou n’est plus valable. Vérifiez-le, ou demandez-en un nouveau.",
		en: "This code is incorrect or has expired. Check it, or ask for a new one.",
	},
	{
		fr: "Nouveau navigateur",
		en: "New browser",
	},
	{
		fr: "Ce navigateur est nouveau pour vous. Connectez-vous d’abord, avec le code qui vous est envoyé.",
		en: "This browser is new for you. Sign in first, with the code that is sent to you.",
	},
	{
		fr: "Demande expirée",
		en: "Request expired",
	},
	{
		fr: "Votre demande n’est plus valable. Recommencez à partir de « Mot de passe oublié ».",
		en: "Your request is no longer valid. Start again from “Forgotten PIN”.",
	},
	{
		fr: "Informations non reconnues",
		en: "Details not recognised",
	},
	{
		fr: "Les informations saisies ne permettent pas de vous reconnaître. Vérifiez-les, ou contactez-nous.",
		en: "We could not recognise you from these details. Check them, or contact us.",
	},
	{
		fr: "Mot de passe trop facile à deviner",
		en: "PIN too easy to guess",
	},
	{
		fr: "Ce mot de passe est trop facile à deviner. Choisissez-en un autre.",
		en: "This PIN is too easy to guess. Choose another one.",
	},
	{
		fr: "Saisies différentes",
		en: "PINs do not match",
	},
	{
		fr: "Le mot de passe et sa confirmation sont différents.",
		en: "The two PINs you entered do not match.",
	},
	{
		fr: "Session terminée",
		en: "Session ended",
	},
	{
		fr: "Votre session est terminée. Connectez-vous à nouveau.",
		en: "Your session has ended. Sign in again.",
	},
	{
		fr: "Connexion requise",
		en: "Sign-in required",
	},
	{
		fr: "Connectez-vous pour continuer.",
		en: "Sign in to continue.",
	},
	{
		fr: "Nouvelle connexion requise",
		en: "New sign-in required",
	},
	{
		fr: "Par sécurité, connectez-vous à nouveau pour faire ce changement.",
		en: "For your security, sign in again to make this change.",
	},
	{
		fr: "Clé d’accès non ajoutée",
		en: "Passkey not added",
	},
	{
		fr: "Cette clé d’accès n’a pas pu être ajoutée. Recommencez, ou utilisez un autre appareil.",
		en: "This passkey could not be added. Try again, or use another device.",
	},
	{
		fr: "Trop de clés d’accès",
		en: "Too many passkeys",
	},
	{
		fr: "Vous avez déjà 10 clés d’accès. Supprimez-en une avant d’en ajouter une autre.",
		en: "You already have 10 passkeys. Delete one before you add another.",
	},
	{
		fr: "Service momentanément indisponible",
		en: "Service temporarily unavailable",
	},
	{
		fr: "Le service est momentanément indisponible. Réessayez dans {wait}.",
		en: "The service is temporarily unavailable. Try again in {wait}.",
	},
	{
		fr: "Erreur de notre côté",
		en: "An error on our side",
	},
	{
		fr: "Une erreur est survenue de notre côté. Réessayez plus tard.",
		en: "Something went wrong on our side. Try again later.",
	},
	{
		fr: "Cette clé d’accès ne permet pas de vous connecter. Réessayez, ou connectez-vous avec votre identifiant et votre mot de passe.",
		en: "This passkey does not sign you in. Try again, or sign in with your identifier and your PIN.",
	},
	{
		fr: "Saisissez ce code dans le navigateur où vous l’avez demandé, ou demandez un nouveau code.",
		en: "Enter this code in the browser where you asked for it, or ask for a new code.",
	},
	{
		fr: "Ce code n’est plus valable. Demandez un nouveau code.",
		en: "This code no longer works. Ask for a new code.",
	},
	{
		fr: "Ce champ est obligatoire.",
		en: "This field is required.",
	},
	{
		fr: "La requête contient un champ inconnu.",
		en: "The request contains an unknown field.",
	},
	{
		fr: "Ce champ doit être du texte.",
		en: "This field must be text.",
	},
	{
		fr: "La requête doit être un objet JSON.",
		en: "The request must be a JSON object.",
	},
	{
		fr: "L’identifiant a le mauvais format : vérifiez-le sur vos courriers.",
		en: "This is not a valid identifier. Check it on the letters we send you.",
	},
	{
		fr: "Saisissez exactement 6 chiffres.",
		en: "Enter exactly 6 digits.",
	},
	{
		fr: "Un code reçu par e-mail comporte 6 chiffres, un code reçu par courrier 10 chiffres.",
		en: "A code from an e-mail has 6 digits, a code from a letter has 10 digits.",
	},
	{
		fr: "Le numéro de sécurité sociale comporte 13 caractères, ou 15 avec sa clé.",
		en: "A social security number has 13 characters, or 15 with the two-digit key.",
	},
	{
		fr: "La clé ne correspond pas au numéro de sécurité sociale : vérifiez les chiffres.",
		en: "The key does not match the social security number. Check the digits.",
	},
	{
		fr: "Donnez l’année à 4 chiffres, le mois et le jour d’une date réelle, avec 00 pour un mois ou un jour inconnu.",
		en: "Enter a real date with a 4-digit year. If the month or the day is unknown, enter 00.",
	},
	{
		fr: "Le code postal comporte 5 chiffres en France, jusqu’à 16 lettres et chiffres ailleurs.",
		en: "A postcode has 5 digits in France, or up to 16 letters and digits in another country.",
	},
	{
		fr: "Il faut les 6 derniers caractères de l’IBAN, lettres ou chiffres.",
		en: "Enter the last 6 characters of the IBAN (letters or digits).",
	},
	{
		fr: "Le nom comporte au plus 60 caractères, tous visibles.",
		en: "A name has at most 60 characters, all of them visible.",
	},
	{
		fr: "Seul le choix « letter » est possible.",
		en: "The only possible choice is “letter”.",
	},
	{
		fr: "Ce mot de passe est parmi les plus utilisés.",
		en: "This is one of the most common PINs.",
	},
	{
		fr: "Ce mot de passe fait partie de ceux que l’on devine vite.",
		en: "This PIN is one of those that are quick to guess.",
	},
	{
		fr: "Ce mot de passe figure dans votre identifiant.",
		en: "This PIN is part of your identifier.",
	},
	{
		fr: "Ce mot de passe contient votre code postal.",
		en: "This PIN contains your postcode.",
	},
	{
		fr: "Ce mot de passe est votre date de naissance.",
		en: "This PIN is your date of birth.",
	},
	{
		fr: "Ce mot de passe figure dans votre numéro de sécurité sociale.",
		en: "This PIN is part of your social security number.",
	},
	{
		fr: "Ce mot de passe figure à la fin de votre IBAN.",
		en: "This PIN is part of the end of your IBAN.",
	},
	{
		fr: "Ce mot de passe est celui que vous aviez déjà.",
		en: "This is already your PIN.",
	},
	{
		fr: "La confirmation doit être identique au mot de passe.",
		en: "The two PINs must be the same.",
	},
	{
		fr: "Ce champ est incorrect.",
		en: "This field is not valid.",
	},
];
