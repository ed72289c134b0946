/** Wraps storage that a browser may deny or empty at any time; the portal never depends on it. */

/**
 * @param {() => Storage} find returns the storage; a browser that blocks it throws here.
 * @returns {{ read: (key: string) => unknown, write: (key: string, value: unknown) => void, clear: () => void }} reads
 *   and writes any value that JSON can hold; writing `undefined` removes the key, `clear` removes all keys.
 */
export function keeping(find) {
	/** Values the browser did not store; the page keeps them until it is reloaded. @type {Map<string, string>} */
	const memory = new Map();

	/** @returns {Storage | undefined} */
	const storage = () => {
		try {
			return find();
		} catch {
			return undefined;
		}
	};

	return {
		read(key) {
			try {
				return JSON.parse(memory.get(key) ?? storage()?.getItem(key) ?? "null") ?? undefined;
			} catch {
				// Another script wrote this value: ignore it.
				return undefined;
			}
		},
		write(key, value) {
			memory.delete(key);
			const place = storage();
			if (value === undefined) {
				place?.removeItem(key);
				return;
			}
			const text = JSON.stringify(value);
			try {
				if (place) place.setItem(key, text);
				else memory.set(key, text);
			} catch {
				memory.set(key, text);
			}
		},
		clear() {
			memory.clear();
			storage()?.clear();
		},
	};
}
