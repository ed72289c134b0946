/**
 * Loads what the first screen does not show, so that it comes sooner: at the first sign that someone uses the page, or
 * when it is needed.
 */

import { NoAnswer } from "./problems.js";

const SIGNS = ["pointermove", "pointerdown", "focusin", "keydown"];

/** Resolves at the first sign that someone uses the page. @type {Promise<void>} */
export const used = new Promise((resolve) => {
	for (const sign of SIGNS) addEventListener(sign, () => resolve(), { capture: true, once: true });
});

/**
 * @template Loaded
 * @param {() => Promise<Loaded>} load throws a `TypeError` if a file could not be loaded.
 * @returns {() => Promise<Loaded>} loads it once, but again after a failure; it throws `NoAnswer`.
 */
export function onDemand(load) {
	/** @type {Promise<Loaded> | undefined} */
	let loading;
	return () => {
		loading ??= load().catch((error) => {
			loading = undefined;
			throw error instanceof TypeError ? new NoAnswer(error.message) : error;
		});
		return loading;
	};
}

/**
 * As `onDemand`, but load it at the first sign of use.
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

/**
 * Stand for an object that loads late. All its methods must be asynchronous.
 *
 * @template {Record<string, (...given: any[]) => Promise<unknown>>} Late
 * @param {() => Promise<Late>} get
 * @returns {Late}
 */
export function standIn(get) {
	return /** @type {Late} */ (
		new Proxy(/** @type {Record<string, unknown>} */ ({}), {
			get:
				(_, name) =>
				async (/** @type {unknown[]} */ ...given) =>
					(await get())[String(name)]?.(...given),
		})
	);
}
