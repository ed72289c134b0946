/** Aborts that follow from others, for browsers without `AbortSignal.any` and `AbortSignal.timeout` (Safari 15.4). */

/**
 * @param {number} milliseconds
 * @returns {AbortSignal} a signal that is aborted after that time.
 */
export function abortedAfter(milliseconds) {
	const controller = new AbortController();
	setTimeout(() => controller.abort(), milliseconds);
	return controller.signal;
}

/**
 * @param {AbortSignal[]} signals
 * @returns {AbortSignal} a signal that is aborted as soon as one of them is.
 */
export function abortedWithAny(...signals) {
	const controller = new AbortController();
	for (const signal of signals) {
		if (signal.aborted) controller.abort();
		else signal.addEventListener("abort", () => controller.abort(), { once: true });
	}
	return controller.signal;
}
