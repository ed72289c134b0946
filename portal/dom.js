/** Finds elements in templates, and fetches templates. */

/** @import { TextKey } from "./types.js" */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = "icons.svg";

/**
 * @template {HTMLElement} [Wanted=HTMLElement]
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => Wanted} [type]
 * @returns {Wanted}
 * @throws {TypeError} there is no such element.
 */
export function find(within, selector, type) {
	const found = within.querySelector(selector);
	if (!(found instanceof (type ?? HTMLElement))) throw new TypeError(`${selector} is missing`);
	return /** @type {Wanted} */ (found);
}

/**
 * Copy the content of one of the page's templates.
 *
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function fromTemplate(id) {
	return /** @type {DocumentFragment} */ (find(document, `#${id}`, HTMLTemplateElement).content.cloneNode(true));
}

/**
 * Fetch a file of HTML. The browser's own document loader parses it: unlike `innerHTML` it runs no script and needs no
 * exception in a Trusted Types policy.
 *
 * @param {string} url
 * @returns {Promise<Node[]>}
 * @throws {TypeError} the file could not be loaded.
 */
export function loadHtml(url) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open("GET", url);
		request.responseType = "document";
		request.onload = () => {
			if (request.status === 200 && request.response) resolve([...request.response.body.childNodes]);
			else reject(new TypeError(`${url} answers ${request.status}`));
		};
		request.onerror = () => reject(new TypeError(`${url} does not answer`));
		request.send();
	});
}

/**
 * Make one of the icons of `icons.svg`. It stands beside words that say the same.
 *
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("class", "icon");
	svg.setAttribute("aria-hidden", "true");
	svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", `${ICONS}#${name}`);
	return svg;
}

/**
 * @param {Element} field
 * @returns {TextKey} the key of its label.
 */
export function labelOf(field) {
	return /** @type {TextKey} */ (find(field, "label").dataset.text);
}
