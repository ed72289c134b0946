/** Storage that a browser may refuse or empty at any time: what is kept there is a convenience, never needed. */

/**
 * @param {() => Storage} find gives the storage; a browser that blocks it throws here.
 * @returns {{ read: (key: string) => unknown, write: (key: string, value: unknown) => void }} values are anything
 *   that JSON can hold; writing `undefined` forgets the key.
 */
export function keeping(find) {
	/** @type {Map<string, string>} */
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
				return JSON.parse(storage()?.getItem(key) ?? memory.get(key) ?? "null") ?? undefined;
			} catch {
				// Somebody else wrote there: as good as nothing.
				return undefined;
			}
		},
		write(key, value) {
			if (value === undefined) {
				memory.delete(key);
				storage()?.removeItem(key);
				return;
			}
			const text = JSON.stringify(value);
			memory.set(key, text);
			try {
				storage()?.setItem(key, text);
			} catch {
				// Full or forbidden: the page's own memory has it until the next reload.
			}
		},
	};
}
