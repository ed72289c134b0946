/** Requests a code for a forgotten PIN. */

import { find } from "../dom.js";
import { identifierOf } from "../fields.js";
import { setUpForm } from "../form.js";
import { askForCode } from "../recovery.js";

/** @param {import("../types.js").Place} place */
export function show({ app, view, signal }) {
	find(view, "#identifier", HTMLInputElement).value = app.memory.identifier ?? "";
	setUpForm(find(view, "form", HTMLFormElement), {
		app,
		signal,
		operation: "reset",
		subject: identifierOf,
		send: (values) => askForCode(app, { identifier: identifierOf(values) }),
		done: (screen) => app.go(screen),
	});
}
