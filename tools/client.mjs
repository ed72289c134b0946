/**
 * Writes the typed client of the API, `portal/client/api.js`, from `docs/openapi.json`, and the declarations of the
 * package: `make client`.
 *
 * It omits the calls of print providers: no front-end makes them.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateApi } from "swagger-typescript-api";
import { ScriptTarget, transpileDeclaration } from "typescript";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TARGET = process.argv[2] ?? join(ROOT, "portal", "client");

const document = JSON.parse(await readFile(join(ROOT, "docs", "openapi.json"), "utf-8"), withoutTitle);
document.info.title = "Espace Adhérent access";
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
		templates: join(ROOT, "tools", "client_templates"),
		httpClientType: "fetch",
		toJS: true,
		compilerTsConfig: { removeComments },
		silent: true,
	});
	const file = files.find(({ fileExtension }) => fileExtension === extension);
	const indented = file.fileContent.replace(/^( {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2));
	await writeFile(join(TARGET, `api${extension}`), indented);
}

const plan = join(ROOT, "portal", "client", "session-plan.js");
const compilerOptions = { allowJs: true, target: ScriptTarget.ES2022, newLine: 1 };
const { outputText } = transpileDeclaration(await readFile(plan, "utf-8"), { fileName: plan, compilerOptions });
await writeFile(join(TARGET, "session-plan.d.ts"), outputText);

/** Leave out the titles of fields, which repeat their names. */
function withoutTitle(/** @type {string} */ key, /** @type {unknown} */ value) {
	return key === "title" && typeof value === "string" ? undefined : value;
}
