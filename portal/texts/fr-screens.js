/** French texts of the other screens, loaded with the first of those. */

export default {
	"field.present-pin": "Mot de passe actuel",
	"field.new-pin": "Nouveau mot de passe à 6 chiffres",
	"field.confirmation": "Confirmez le nouveau mot de passe",
	"field.code": "Code à 6 chiffres reçu par e-mail",
	"field.code.hint": "Saisissez-le ici, dans le navigateur où vous l’avez demandé.",
	"field.letter-code": "Code à 10 chiffres de votre courrier",
	"field.letter-code.hint": "Il est imprimé par deux chiffres, comme 48 29 13 05 67.",
	"field.nir": "Numéro de sécurité sociale",
	"field.nir.hint": "13 caractères, ou 15 avec la clé, comme sur votre carte Vitale.",
	"field.birth-date": "Date de naissance",
	"field.birth-date.hint": "Par exemple 14 03 1985. Si le jour ou le mois est inconnu, tapez 00.",
	"field.day": "Jour",
	"field.month": "Mois",
	"field.year": "Année",
	"field.postcode": "Code postal",
	"field.postcode.hint": "Celui de l’adresse connue de votre mutuelle.",
	"field.iban": "6 derniers caractères de l’IBAN",
	"field.iban.hint": "Celui du compte sur lequel vos remboursements sont versés.",

	"forgotten-pin.title": "Mot de passe oublié",
	"forgotten-pin.text":
		"Nous vous envoyons un code à usage unique, par e-mail ou, si nous ne connaissons pas votre adresse e-mail, par courrier. Il vous permet de créer un nouveau mot de passe.",
	"forgotten-pin.submit": "Recevoir un code",

	"code.title": "Saisir le code reçu par e-mail",
	"code.sent":
		"Si l’identifiant {identifier} est exact, un code à 6 chiffres vient d’être envoyé à l’adresse e-mail que nous connaissons.",
	"code.expiry": "Il est valable jusqu’à {time}.",
	"code.expired": "Il n’est plus valable : demandez-en un nouveau.",
	"code.junk": "Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.",
	"code.submit": "Vérifier",
	"code.nothing": "Vous n’avez rien reçu ?",
	"code.again": "Renvoyer un code",
	"code.sent-again": "Un nouveau code vient d’être envoyé ; le précédent n’est plus valable.",
	"code.again-later": "Vous pourrez demander un nouveau code dans {time}.",
	"code.by-letter.text":
		"Vous n’avez plus accès à cette boîte e-mail ? Le code peut venir par courrier, sous huitaine.",
	"code.by-letter": "Recevoir le code par courrier",
	"code.other": "Utiliser un autre identifiant",
	"code.lost": "Demandez d’abord un code.",

	"letter-sent.title": "Votre courrier est en route",
	"letter-sent.text":
		"Si l’identifiant {identifier} est exact, un courrier avec un code à usage unique va être envoyé à l’adresse postale que nous connaissons. Vous le recevrez sous huitaine.",
	"letter-sent.then":
		"Quand vous l’aurez reçu, revenez sur cette page et choisissez « J’ai reçu mon courrier », avec votre identifiant et le code.",
	"letter-sent.expiry": "Le code est valable jusqu’au {date}.",

	"letter.title": "J’ai reçu mon courrier",
	"letter.text": "Saisissez votre identifiant et le code à usage unique qui figure sur le courrier.",
	"letter.none": "Je n’ai pas reçu de courrier",

	"new-pin.title": "Créer un nouveau mot de passe",
	"new-pin.rules":
		"Choisissez six chiffres difficiles à deviner : ni date de naissance, ni code postal, ni suite comme 123456 ou répétition comme 111111.",
	"new-pin.submit": "Enregistrer",
	"new-pin.unanswered":
		"Le service n’a pas répondu. Votre nouveau mot de passe est peut-être déjà enregistré : réessayez ou, s’il est refusé, essayez de vous connecter avec ce nouveau mot de passe.",
	"new-pin.lost":
		"Pour votre sécurité, un code vérifié ne peut pas être conservé quand la page est rechargée. Demandez un nouveau code.",

	"pin-set.title": "Votre mot de passe est enregistré",
	"pin-set.text": "Vous pouvez maintenant vous connecter avec votre identifiant et votre nouveau mot de passe.",

	"pin-disabled.title": "Mot de passe désactivé",
	"pin-disabled.text":
		"Par mesure de sécurité, votre mot de passe a été désactivé après trop de saisies incorrectes. Choisissez « Mot de passe oublié » pour en créer un nouveau.",

	"find-identifier.title": "Retrouver mon identifiant",
	"find-identifier.text": "Ces informations nous permettent de vous reconnaître. Elles ne sont pas conservées.",
	"find-identifier.submit": "Valider",

	"identifier-sent.title": "Regardez vos e-mails",
	"identifier-sent.text":
		"Un e-mail contenant votre identifiant vous a été envoyé sur {email}. Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.",
	"identifier-sent.again": "Recommencer la recherche",
	"identifier-sent.lost": "Saisissez à nouveau vos informations.",

	"iban.title": "Une dernière vérification",
	"iban.text": "Pour afficher votre identifiant, donnez la fin de l’IBAN que votre mutuelle connaît.",
	"iban.submit": "Afficher mon identifiant",
	"iban.again": "Corriger mes informations",
	"iban.lost":
		"Pour votre sécurité, la recherche ne peut pas être conservée quand la page est rechargée. Saisissez à nouveau vos informations.",
	"iban.expired": "Le temps pour répondre est écoulé. Saisissez à nouveau vos informations.",

	"identifier-found.title": "Votre identifiant",
	"identifier-found.text": "Notez-le : vous en aurez besoin à chaque connexion.",
	"identifier-found.copy": "Copier",
	"identifier-found.copied": "L’identifiant a été copié.",
	"identifier-found.not-copied": "Votre navigateur n’a pas permis la copie : sélectionnez l’identifiant à la main.",

	"member.title": "Votre espace",
	"member.signed-in": "Vous êtes connecté avec l’identifiant {identifier}.",
	"member.demonstration":
		"Démonstration : à la place des exemples ci-dessous, votre mutuelle vous conduit à ses propres services.",
	"member.example.refunds": "Exemple : mes remboursements",
	"member.example.card": "Exemple : ma carte de tiers payant",
	"member.example.contract": "Exemple : mon contrat",
	"member.example.documents": "Exemple : mes documents",
	"member.change-pin": "Changer mon mot de passe",
	"member.sign-out": "Me déconnecter",
	"member.signed-out": "Vous êtes déconnecté.",
	"member.ended": "Votre session est terminée. Connectez-vous à nouveau.",
	"member.sign-in-first": "Connectez-vous pour accéder à votre espace.",

	"change-pin.title": "Changer mon mot de passe",
	"change-pin.done": "Votre mot de passe a été modifié. Connectez-vous avec le nouveau.",
	"change-pin.back": "Revenir à mon espace",

	"session-ends.title": "Êtes-vous toujours là ?",
	"session-ends.text": "Par mesure de sécurité, votre session va se terminer.",
	"session-ends.remaining": "Il reste {time}.",
	"session-ends.stay": "Rester connecté",
};
