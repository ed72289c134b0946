/** Aborts that follow from others, for browsers without `AbortSignal.any` (Safari before 17.4). */

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
