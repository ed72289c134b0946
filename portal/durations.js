/** Says a length of time in words. Pure: it knows no clock. */

const SECOND = 1000;

/**
 * @param {number} milliseconds
 * @param {string} locale a BCP 47 tag.
 * @returns {string} hours, minutes and seconds, rounded up, without those that are 0: `1 minute 30 secondes`.
 */
export function durationText(milliseconds, locale) {
	const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
	/** @type {[number, string][]} */
	const parts = [
		[Math.floor(seconds / 3600), "hour"],
		[Math.floor(seconds / 60) % 60, "minute"],
		[seconds % 60, "second"],
	];
	const shown = parts.filter(([number]) => number);
	const words = (shown.length ? shown : parts.slice(-1)).map(([number, unit]) =>
		new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(number),
	);
	return words.join(" ");
}
