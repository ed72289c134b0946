/** Verifies on stdin what an authenticator made, with SimpleWebAuthn: a second implementation of the service's part. */

import { text } from "node:stream/consumers";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";

const { origin, domain, creation, made, request, signed } = JSON.parse(await text(process.stdin));
const expected = { expectedOrigin: origin, expectedRPID: domain, requireUserVerification: true };
const registration = await verifyRegistrationResponse({
	...expected,
	response: made,
	expectedChallenge: creation.challenge,
});
const authentication = await verifyAuthenticationResponse({
	...expected,
	response: signed,
	expectedChallenge: request.challenge,
	credential: registration.registrationInfo.credential,
});
process.stdout.write(JSON.stringify([registration.verified, authentication.verified]));
