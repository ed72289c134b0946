/** Finding what a template is sure to have, and fetching templates. */

/**
 * @template {HTMLElement} [Wanted=HTMLElement]
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => Wanted} [type]
 * @returns {Wanted}
 * @throws {TypeError} the template lacks it.
 */
export function find(within, selector, type) {
	const found = within.querySelector(selector);
	if (!(found instanceof (type ?? HTMLElement))) throw new TypeError(`${selector} is missing`);
	return /** @type {Wanted} */ (found);
}

/**
 * A copy of what a template of the page holds.
 *
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function fromTemplate(id) {
	return /** @type {DocumentFragment} */ (find(document, `#${id}`, HTMLTemplateElement).content.cloneNode(true));
}

/**
 * The HTML of a file. The browser's own loader of documents reads it: unlike `innerHTML` it runs nothing, and a policy
 * of Trusted Types need not allow it anything.
 *
 * @param {string} url
 * @returns {Promise<Node[]>}
 * @throws {TypeError} it could not be had.
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
