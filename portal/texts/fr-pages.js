/** French texts of the pages that are filled in before a browser gets them. No browser loads this file. */

export default {
	"page.description":
		"Connectez-vous à votre espace adhérent, créez un nouveau mot de passe ou retrouvez votre identifiant.",
	"level.full":
		"L’espace adhérent est totalement conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2) : tous les critères applicables sont respectés.",
	"level.partial":
		"L’espace adhérent est partiellement conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2) : {rate} % des critères applicables sont respectés.",
	"level.none":
		"L’espace adhérent n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2) : {rate} % des critères applicables sont respectés.",
	"level.unaudited":
		"L’espace adhérent n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2), parce qu’aucun audit ne l’a encore établi.",
};
