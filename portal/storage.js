/** Storage that a browser may refuse or empty at any time: what is kept there is a convenience, never needed. */

/**
 * @param {() => Storage} find gives the storage; a browser that blocks it throws here.
 * @returns {{ read: (key: string) => unknown, write: (key: string, value: unknown) => void }} values are anything
 *   that JSON can hold; writing `undefined` forgets the key.
 */
export function keeping(find) {
	/** What the browser did not take; the page has it until it is reloaded. @type {Map<string, string>} */
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
				// Somebody else wrote there: as good as nothing.
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
	};
}
