/**
 * Serves another server's pages by HTTP/2 with brotli, as CloudFront does: `node bench/http2_front.mjs ORIGIN KEY CERT`.
 * It prints its port, and asks the other server for each file once.
 */

import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { brotliCompressSync, constants } from "node:zlib";

const [origin, key, cert] = process.argv.slice(2);
/** CloudFront compresses while it answers, so not with the highest quality. */
const QUALITY = 5;
const KEPT_HEADERS = ["cache-control", "content-security-policy", "content-type", "etag", "x-content-type-options"];
/** @type {Map<string, Promise<{ status: number, headers: Record<string, string>, body: Buffer }>>} */
const answers = new Map();

/** @param {string} path */
async function answer(path) {
	const response = await fetch(new URL(path, origin), { headers: { accept: "text/html, */*" } });
	/** @type {Record<string, string>} */
	const headers = { "content-encoding": "br" };
	for (const name of KEPT_HEADERS) {
		const value = response.headers.get(name);
		if (value) headers[name] = value;
	}
	const body = brotliCompressSync(Buffer.from(await response.arrayBuffer()), {
		params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY },
	});
	return { status: response.status, headers, body };
}

const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (request, response) => {
	const kept = answers.get(request.url) ?? answer(request.url);
	answers.set(request.url, kept);
	const { status, headers, body } = await kept;
	if (headers.etag && request.headers["if-none-match"] === headers.etag) {
		response.writeHead(304, { etag: headers.etag, "cache-control": headers["cache-control"] });
		response.end();
		return;
	}
	response.writeHead(status, headers);
	response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
