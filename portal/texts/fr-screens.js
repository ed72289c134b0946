/** French texts of the other screens, loaded with the first of those. */

export default {
	"field.present-pin": "Mot de passe actuel",
	"field.new-pin": "Nouveau mot de passe à 6 chiffres",
	"field.confirmation": "Confirmez le nouveau mot de passe",
	"field.code": "Code à 6 chiffres reçu par e-mail",
	"field.nir": "Numéro de sécurité sociale",
	"field.nir.hint": "13 caractères, ou 15 avec la clé, comme sur votre carte Vitale.",
	"field.birth-date": "Date de naissance",
	"field.birth-date.hint": "Par exemple 14 03 1985.",
	"field.day": "Jour",
	"field.month": "Mois",
	"field.year": "Année",
	"field.postcode": "Code postal",
	"field.postcode.hint": "Celui de l’adresse connue de votre mutuelle.",
	"field.iban": "6 derniers caractères de l’IBAN",
	"field.iban.hint": "Celui du compte sur lequel vos remboursements sont versés.",
	"field.any-code": "Code",
	"field.any-code.hint": "6 chiffres d’un e-mail, ou 10 chiffres d’un courrier, comme 48 29 13 05 67.",
	"field.birth-date.incomplete": "Ma date est incomplète",
	"field.birth-date.unknown": "Si le jour ou le mois est inconnu, tapez 00.",

	"forgotten-pin.title": "Mot de passe oublié",
	"forgotten-pin.text":
		"Nous vous envoyons un code par e-mail ou, si nous ne connaissons pas votre adresse e-mail, par courrier. Avec ce code, vous créez un nouveau mot de passe.",
	"forgotten-pin.submit": "Recevoir un code",

	"code.title": "Saisir le code reçu par e-mail",
	"code.sent": "Si cet identifiant est exact, un code à 6 chiffres, valable jusqu’à {time}, arrive par e-mail.",
	"code.expired": "Le code n’est plus valable : demandez-en un autre.",
	"code.junk": "Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.",
	"code.submit": "Vérifier",
	"code.nothing": "Je n’ai rien reçu",
	"code.again": "Demander un autre code",
	"code.sent-again":
		"Votre demande est enregistrée. Si l’identifiant est exact, un nouveau code arrive par e-mail et le précédent n’est plus valable.",
	"code.by-letter.text":
		"Vous n’avez plus accès à cette boîte e-mail ? Demandez le code par courrier : il arrive sous huitaine, c’est-à-dire dans les 8 jours.",
	"code.by-letter": "Recevoir le code par courrier",
	"code.check":
		"Aucun e-mail n’est arrivé ? Alors vérifiez l’identifiant ci-dessus. Le code reçu se saisit dans ce navigateur.",

	"confirm.title": "Confirmer que c’est vous",
	"confirm.by-email":
		"Vous utilisez un nouveau navigateur. Pour confirmer votre connexion, saisissez le code à 6 chiffres, valable jusqu’à {time}, qui arrive par e-mail. Le prochain accès depuis ce navigateur se fera sans code.",
	"confirm.by-letter":
		"Vous utilisez un nouveau navigateur. Un code à 10 chiffres arrive par courrier sous huitaine, c’est-à-dire dans les 8 jours. Vous l’avez ? Saisissez-le. Sinon, revenez quand vous l’aurez : connectez-vous de nouveau, avec votre identifiant et votre mot de passe, puis saisissez-le.",
	"confirm.expired": "Le code n’est plus valable. Revenez à la connexion pour en recevoir un autre.",
	"confirm.submit": "Confirmer",
	"confirm.again": "Saisir de nouveau mon mot de passe, pour un autre code",
	"confirm.other-pin": "Créer un autre mot de passe",

	"letter-sent.title": "Votre demande est enregistrée",
	"letter-sent.text":
		"Si cet identifiant est exact, vous recevrez sous huitaine, c’est-à-dire dans les 8 jours, un courrier avec un code à 10 chiffres.",
	"letter-sent.then":
		"Quand vous aurez le courrier, revenez ici et choisissez « J’ai déjà un code ». Le code est valable jusqu’au {day} inclus (heure de Paris).",
	"letter-sent.check": "Vous recevez d’habitude nos e-mails ? Alors vérifiez l’identifiant ci-dessus.",
	"letter-sent.none": "Rien reçu après 8 jours ? Appelez-nous au {helpline}.",

	"new-pin.title": "Créer un nouveau mot de passe",
	"new-pin.rules":
		"Choisissez 6 chiffres difficiles à deviner : ni date de naissance, ni code postal, ni mot de passe précédent, ni suite comme 123456, ni répétition comme 111111.",
	"new-pin.submit": "Enregistrer",
	"new-pin.unanswered":
		"Le service n’a pas répondu. Votre nouveau mot de passe est peut-être déjà enregistré : réessayez ou, s’il est refusé, essayez de vous connecter avec ce nouveau mot de passe.",
	"new-pin.lost":
		"Pour votre sécurité, un code vérifié ne peut pas être conservé quand la page est rechargée. Demandez un nouveau code.",

	"pin-set.title": "Votre mot de passe est enregistré",
	"pin-set.text": "Vous pouvez maintenant vous connecter avec votre identifiant et votre nouveau mot de passe.",

	"pin-disabled.title": "Connexion bloquée",
	"pin-disabled.text":
		"Par mesure de sécurité, après trop de saisies incorrectes, la connexion est bloquée avec cet identifiant :",
	"pin-disabled.then": "S’il est exact, choisissez « Mot de passe oublié » pour créer un nouveau mot de passe.",

	"find-identifier.title": "Retrouver mon identifiant",
	"find-identifier.text": "Ces informations nous permettent de vous reconnaître. Elles ne sont pas conservées.",
	"find-identifier.submit": "Valider",
	"find-identifier.rare-date":
		"Cette date n’est dans aucun calendrier. Si c’est bien celle de votre carte Vitale, validez une seconde fois.",

	"identifier-sent.title": "Regardez vos e-mails",
	"identifier-sent.text":
		"Un e-mail contenant votre identifiant vous a été envoyé sur {email}. Si vous n’avez pas reçu l’e-mail, regardez dans vos courriers indésirables ou vos spams.",
	"identifier-sent.limit":
		"Nous limitons ces envois : si vous avez déjà fait plusieurs demandes aujourd’hui, regardez les e-mails reçus avant.",
	"identifier-sent.again": "Recommencer la recherche",
	"identifier-sent.lost": "Saisissez à nouveau vos informations.",

	"iban.title": "Une dernière vérification",
	"iban.text": "Pour afficher votre identifiant, donnez la fin de l’IBAN que votre mutuelle connaît.",
	"iban.submit": "Afficher mon identifiant",
	"iban.again": "Corriger mes informations",
	"iban.lost":
		"Pour votre sécurité, la recherche ne peut pas être conservée quand la page est rechargée. Saisissez à nouveau vos informations.",
	"iban.expired": "Le temps pour répondre est écoulé. Saisissez à nouveau vos informations.",
	"iban.check": "Vous recevez nos e-mails ? Alors l’une de vos informations est inexacte.",

	"identifier-found.title": "Votre identifiant",
	"identifier-found.text": "Notez-le : vous en aurez besoin à chaque connexion.",
	"identifier-found.copy": "Copier",
	"identifier-found.copied": "L’identifiant a été copié.",
	"identifier-found.not-copied": "Votre navigateur n’a pas permis la copie : sélectionnez l’identifiant à la main.",

	"member.title": "Votre espace",
	"member.signed-in": "Votre session est ouverte avec l’identifiant {identifier}.",
	"member.demonstration":
		"Démonstration : à la place des exemples ci-dessous, votre mutuelle vous conduit à ses propres services.",
	"member.example.refunds": "Exemple : mes remboursements",
	"member.example.card": "Exemple : ma carte de tiers payant",
	"member.example.contract": "Exemple : mon contrat",
	"member.example.documents": "Exemple : mes documents",
	"member.change-pin": "Changer mon mot de passe",
	"member.passkeys": "Mes clés d’accès",
	"passkey.sign-in": "Utiliser ma clé d’accès",
	"passkey.cancelled": "Aucune clé d’accès n’a été utilisée. Vous pouvez recommencer, ou utiliser votre mot de passe.",
	"passkey.added": "Votre clé d’accès est enregistrée. La prochaine fois, connectez-vous d’un geste.",
	"passkey.already": "Cet appareil a déjà une clé d’accès pour votre espace.",
	"passkey-offer.title": "Se connecter sans code la prochaine fois",
	"passkey-offer.text":
		"Une clé d’accès reste dans cet appareil. Vous l’ouvrez comme votre appareil : avec votre empreinte, votre visage ou le code de l’appareil. Votre mot de passe à 6 chiffres continue de fonctionner.",
	"passkey-offer.shared": "N’en créez pas sur un appareil que d’autres personnes déverrouillent.",
	"passkey-offer.accept": "Créer une clé d’accès",
	"passkey-offer.decline": "Non merci",
	"passkeys.title": "Mes clés d’accès",
	"passkeys.text": "Une clé d’accès vous connecte sans mot de passe, depuis l’appareil où elle se trouve.",
	"passkeys.none": "Vous n’avez pas de clé d’accès.",
	"passkeys.since": "Ajoutée le {day}.",
	"passkeys.last-used": "Utilisée le {day}.",
	"passkeys.delete": "Supprimer",
	"passkeys.deleted": "La clé d’accès est supprimée. Supprimez-la aussi dans l’appareil où elle se trouve.",
	"passkeys.add": "Ajouter une clé d’accès",
	"passkeys.back": "Revenir à mon espace",
	"passkeys.sign-in-again": "Par sécurité, connectez-vous à nouveau, puis revenez à « Mes clés d’accès ».",
	"field.passkey-name": "Nom de la clé d’accès",
	"field.passkey-name.hint": "Facultatif. Par exemple : mon téléphone.",
	"member.sign-out": "Me déconnecter",
	"member.signed-out": "Votre session est fermée.",
	"member.ended": "Votre session est terminée. Connectez-vous à nouveau.",
	"member.sign-in-first": "Connectez-vous pour accéder à votre espace.",

	"change-pin.title": "Changer mon mot de passe",
	"change-pin.done": "Votre mot de passe a été modifié. Connectez-vous avec le nouveau.",
	"change-pin.back": "Revenir à mon espace",
	"change-pin.wrong": "Ce n’est pas votre mot de passe actuel.",
	"change-pin.saved": "Votre nouveau mot de passe est enregistré.",

	"member.connections": "Mes connexions",
	"connections.title": "Mes connexions",
	"connections.text": "Voici où votre espace est ouvert. Si vous ne reconnaissez pas une connexion, terminez-la.",
	"connections.not-me": "Ce n’était pas moi",
	"connections.sessions": "Connexions ouvertes",
	"connections.devices": "Navigateurs reconnus",
	"connections.devices.text":
		"Vous vous êtes déjà connecté avec ces navigateurs. Les erreurs de mot de passe d’un inconnu ne vous y bloquent pas.",
	"connections.family": "{browser} sur {system}",
	"connections.family.other": "Navigateur inconnu",
	"connections.times": "Depuis le {since}. Dernière utilisation le {last} à {time}.",
	"connections.present": "Vous l’utilisez en ce moment.",
	"connections.end": "Terminer cette connexion",
	"connections.end-all": "Me déconnecter partout, ici aussi",
	"connections.ended": "La connexion est terminée. Une page déjà ouverte peut encore répondre 15 minutes.",
	"connections.all-ended": "Toutes vos connexions sont terminées.",
	"connections.forget": "Oublier ce navigateur",
	"connections.forgotten": "Le navigateur est oublié.",
	"connections.email.bounced":
		"Nos e-mails ne vous parviennent plus : ils nous reviennent. Donnez une autre adresse à votre mutuelle. D’ici là, nos codes arrivent par courrier.",
	"connections.email.complained":
		"Un de nos e-mails a été signalé comme indésirable : nous ne vous en envoyons plus pour le moment. Nos codes arrivent par courrier.",
	"connections.email.none":
		"Nous ne connaissons pas votre adresse e-mail : nos codes arrivent par courrier, et nous ne pouvons pas vous prévenir d’un changement par e-mail.",

	"not-me.title": "Ce n’était pas moi",
	"not-me.text": "Si quelqu’un d’autre s’est connecté à votre espace, bloquez tout :",
	"not-me.sessions": "toutes les connexions sont terminées, celle-ci aussi, et tous les navigateurs sont oubliés ;",
	"not-me.pin": "votre mot de passe ne fonctionne plus : personne ne peut se connecter avec ;",
	"not-me.code": "nous vous envoyons un code pour créer un autre mot de passe.",
	"not-me.letter":
		"Le code arrive par e-mail ou, si nous ne connaissons pas votre adresse e-mail, par courrier, dans les 8 jours.",
	"not-me.submit": "Tout bloquer",
	"not-me.back": "Revenir à mes connexions",
	"not-me.done": "Votre mot de passe ne fonctionne plus et toutes les connexions sont terminées.",
	"not-me.no-code":
		"Votre mot de passe ne fonctionne plus et toutes les connexions sont terminées. Aucun code n’a pu être envoyé : demandez-en un ici.",
	"not-me.unanswered":
		"Nous ne savons pas si tout est bloqué. Réessayez ; si votre espace s’est fermé, choisissez « Mot de passe oublié ».",

	"session-ends.title": "Êtes-vous toujours là ?",
	"session-ends.text": "Par mesure de sécurité, votre session va se terminer.",
	"session-ends.remaining": "Il reste {time}.",
	"session-ends.stay": "Prolonger ma session",

	"form.one-needed": "Ce champ est obligatoire.",

	"steps.request": "Étape 1 sur 3",
	"steps.code": "Étape 2 sur 3",
	"steps.new-pin": "Étape 3 sur 3",

	"identifier.wrong": "Ce n’est pas le bon ?",
	"identifier.correct": "Corriger",

	"missing.present-pin": "Saisissez votre mot de passe actuel.",
	"missing.new-pin": "Saisissez le nouveau mot de passe.",
	"missing.confirmation": "Saisissez une seconde fois le nouveau mot de passe.",
	"missing.code": "Saisissez le code.",
	"missing.nir": "Saisissez votre numéro de sécurité sociale.",
	"missing.birth-date": "Saisissez votre date de naissance.",
	"missing.postcode": "Saisissez votre code postal.",
	"missing.iban": "Saisissez les 6 derniers caractères de votre IBAN.",

	"first-visit.title": "Première connexion",
	"first-visit.text":
		"Nous vous envoyons un code par e-mail ou, si nous ne connaissons pas votre adresse e-mail, par courrier. Avec ce code, vous créez votre mot de passe à 6 chiffres.",

	"reset.too-early": "Vous ne pouvez pas encore demander un autre code.",
	"reset.have-code": "Saisir le code que j’ai déjà",
	"reset.again-later": "Vous pourrez demander un autre code dans {time}.",

	"tries.code.one": "Il vous reste 1 essai avec ce code.",
	"tries.code.several": "Il vous reste {count} essais avec ce code.",
	"tries.day.none": "Vous n’avez plus d’essai aujourd’hui.",
	"tries.day.one": "Il vous reste 1 essai aujourd’hui.",
	"tries.day.several": "Il vous reste {count} essais aujourd’hui.",

	"have-code.title": "J’ai déjà un code",
	"have-code.text":
		"Saisissez votre identifiant et le code de l’e-mail ou du courrier. Un code reçu par e-mail se saisit dans le navigateur où vous l’avez demandé.",
	"have-code.none": "Je n’ai pas de code",
};
