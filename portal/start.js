/*
 * Runs before the modules, in the JavaScript of old browsers too: says whom to call when the page cannot start.
 * Supported are Safari 15.4, Firefox 115 and Chrome 109; the test asks for what the modules need.
 */
function start() {
	/** @param {string} part */
	function show(part) {
		var starting = document.querySelector("[data-starting]");
		if (!starting || starting.querySelector("section:not([hidden])")) return;
		starting.className = "stopped";
		var section = starting.querySelector(part);
		if (section) section.removeAttribute("hidden");
	}

	/** @param {string} part */
	function showWhenRead(part) {
		function act() {
			show(part);
		}
		if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
		else act();
	}

	/** @param {Event} event */
	function stop(event) {
		if (!(event.target instanceof Element) || event.target instanceof HTMLScriptElement) showWhenRead("[data-failed]");
	}

	var isSupported =
		"noModule" in document.createElement("script") && "hasOwn" in Object && "HTMLDialogElement" in window;
	// The error of a script that does not load does not bubble, so catch it on its way down.
	if (isSupported) addEventListener("error", stop, true);
	else showWhenRead("[data-too-old]");
}

start();
