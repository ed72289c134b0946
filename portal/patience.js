/** Says that a call is taking time, so that the member neither presses again nor leaves. */

const SLOW_AFTER_MILLISECONDS = 5000;

/**
 * @param {import("./types.js").Language} language
 * @param {HTMLElement} status the element that shows it, and that a screen reader reads out.
 * @param {number} [after] milliseconds to wait before saying anything.
 * @returns {() => void} a function to call when the answer has come.
 */
export function sayWaiting(language, status, after = 0) {
	const timers = [
		setTimeout(() => language.write(status, "problem.sending"), after),
		setTimeout(() => language.write(status, "problem.slow"), SLOW_AFTER_MILLISECONDS),
	];
	return () => {
		for (const timer of timers) clearTimeout(timer);
		silence(status);
	};
}

/** @param {HTMLElement} status */
export function silence(status) {
	delete status.dataset.text;
	status.textContent = "";
}
