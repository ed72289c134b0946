/** Loads later what the first screen does not show, so that it comes sooner. */

import { NoAnswerError } from "./client/api.js";

const SIGNS = ["pointermove", "pointerdown", "focusin", "keydown"];
/** Soon, even so: the connection may be gone when someone uses the page. */
const LOADED_AFTER_MILLISECONDS = 3000;

/** Resolves at the first sign that someone uses the page, or a little later than its first screen. @type {Promise<void>} */
export const used = new Promise((resolve) => {
	for (const sign of SIGNS) addEventListener(sign, () => resolve(), { capture: true, once: true });
	setTimeout(resolve, LOADED_AFTER_MILLISECONDS);
});

/**
 * @template Loaded
 * @param {() => Promise<Loaded>} load throws a `TypeError` if a file could not be loaded.
 * @returns {() => Promise<Loaded>} loads it once, but again after a failure; it throws `NoAnswerError`.
 */
export function onDemand(load) {
	/** @type {Promise<Loaded> | undefined} */
	let loading;
	return () => {
		loading ??= load().catch((error) => {
			loading = undefined;
			throw error instanceof TypeError ? new NoAnswerError(error.message) : error;
		});
		return loading;
	};
}

/**
 * As `onDemand`, but load it as soon as someone uses the page.
 *
 * @template Loaded
 * @param {() => Promise<Loaded>} load
 * @returns {() => Promise<Loaded>}
 */
export function late(load) {
	const get = onDemand(load);
	// The caller that needs it reports the failure.
	void used.then(get).catch(() => {});
	return get;
}
