/** Counts down to an instant, second by second, even if the computer sleeps or its clock is set back. */

const SECOND = 1000;

/**
 * @param {number} until the instant, in milliseconds.
 * @param {(left: number) => void} tick called with the time left, in milliseconds, now and every second.
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
		tick(left);
		timer = setTimeout(next, left % SECOND || SECOND);
	};
	signal.addEventListener("abort", () => clearTimeout(timer));
	next();
}
