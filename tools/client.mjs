/**
 * Writes the typed client of the API, `portal/client/api.js` and `api.d.ts`, from `docs/openapi.json`: `make client`.
 *
 * It omits the calls of print providers: no front-end makes them.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateApi } from "swagger-typescript-api";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGET = process.argv[2] ?? join(ROOT, "portal", "client");

const document = JSON.parse(await readFile(join(ROOT, "docs", "openapi.json"), "utf-8"));
for (const path of Object.keys(document.paths)) {
	if (path.startsWith("/letters/")) delete document.paths[path];
}

await mkdir(TARGET, { recursive: true });
// The declarations keep the document's descriptions; browsers need not load them.
for (const [extension, removeComments] of [
	[".d.ts", false],
	[".js", true],
]) {
	const { files } = await generateApi({
		fileName: "api.js",
		spec: document,
		httpClientType: "fetch",
		toJS: true,
		compilerTsConfig: { removeComments },
		silent: true,
	});
	const file = files.find(({ fileExtension }) => fileExtension === extension);
	const indented = file.fileContent.replace(/^( {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2));
	await writeFile(join(TARGET, `api${extension}`), indented);
}
