/** Saying that something takes its time, so that nobody presses again or goes away. */

const SLOW_AFTER_MILLISECONDS = 5000;

/**
 * @param {import("./types.js").Language} language
 * @param {HTMLElement} status where it is said, and read out.
 * @param {number} [after] milliseconds, before which it is not worth saying.
 * @returns {() => void} what to call when it has come.
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
