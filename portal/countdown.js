/** Counts down to an instant, second by second, even if the computer sleeps or its clock is set back. */

const SECOND = 1000;

/**
 * @param {number} milliseconds the time left.
 * @returns {string} the time as a clock shows it, rounded up: `0:59`, `12:00`, `1:02:03`.
 */
function clockText(milliseconds) {
	const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
	const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	const shown = parts[0] ? parts : parts.slice(1);
	return shown.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/**
 * @param {number} until the instant, in milliseconds.
 * @param {(left: string) => void} tick called with the time left, now and every second.
 * @param {() => void} over called once at the end, unless `signal` stopped the countdown.
 * @param {AbortSignal} signal stops the countdown.
 */
export function countDown(until, tick, over, signal) {
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let timer;
	const awakeUntil = performance.now() + until - Date.now();
	const next = () => {
		const left = Math.min(until - Date.now(), awakeUntil - performance.now());
		if (signal.aborted) return;
		if (left <= 0) {
			over();
			return;
		}
		tick(clockText(left));
		timer = setTimeout(next, left % SECOND || SECOND);
	};
	signal.addEventListener("abort", () => clearTimeout(timer));
	next();
}
