// Verifies tokens by two libraries of JavaScript, without a network. Standard input has the issuer's documents, the audiences to
// expect, and the tokens; standard output gets, by library and audience, the tokens that it accepts.

import { readFileSync } from "node:fs";
import { JwtVerifier } from "aws-jwt-verify";
import * as oauth from "oauth4webapi";

const { issuer, configuration, keys, audiences, tokens } = JSON.parse(readFileSync(0, "utf8"));

const documents = new Map([
	[`${issuer}/.well-known/openid-configuration`, configuration],
	[configuration.jwks_uri, keys],
]);

/** Answers as the issuer does, and nothing else. */
async function recorded(url) {
	if (!documents.has(String(url))) throw new Error(`the issuer has no ${url}`);
	return Response.json(documents.get(String(url)));
}

async function byAwsJwtVerify(token, audience) {
	const verifier = JwtVerifier.create({
		issuer,
		audience,
		jwksUri: configuration.jwks_uri,
		customJwtCheck: ({ header }) => {
			if (header.typ !== "at+jwt") throw new Error("not an access token");
		},
	});
	verifier.cacheJwks(keys);
	return verifier.verifySync(token);
}

const issuerUrl = new URL(issuer);
const discovered = await oauth.discoveryRequest(issuerUrl, { algorithm: "oidc", [oauth.customFetch]: recorded });
const server = await oauth.processDiscoveryResponse(issuerUrl, discovered);

async function byOauth4webapi(token, audience) {
	const request = new Request(audience, { headers: { Authorization: `Bearer ${token}` } });
	return oauth.validateJwtAccessToken(server, request, audience, { [oauth.customFetch]: recorded });
}

async function accepted(verify, audience) {
	const names = [];
	for (const [name, token] of Object.entries(tokens)) {
		try {
			const claims = await verify(token, audience);
			names.push(`${name}: ${claims.sub}`);
		} catch {
			// A library says no by an exception.
		}
	}
	return names;
}

const verdicts = {};
for (const [library, verify] of Object.entries({ "aws-jwt-verify": byAwsJwtVerify, oauth4webapi: byOauth4webapi })) {
	verdicts[library] = {};
	for (const audience of audiences) verdicts[library][audience] = await accepted(verify, audience);
}
console.log(JSON.stringify(verdicts));
