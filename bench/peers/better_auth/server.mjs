// better-auth with its memory adapter, as the Node example of its documentation. It runs no database at all.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { hash, verify } from "@node-rs/argon2";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";

const { PEER_ARGON2, PEER_COUNT, PEER_LIMITS, PEER_PIN, PEER_PORT } = process.env;
const [memoryCost, timeCost, parallelism] = PEER_ARGON2.split(",").map(Number);
const database = { user: [], session: [], account: [], verification: [], rateLimit: [] };

const auth = betterAuth({
	baseURL: `http://127.0.0.1:${PEER_PORT}`,
	secret: "of a measurement, with 32 bytes at least",
	database: memoryAdapter(database),
	emailAndPassword: {
		enabled: true,
		minPasswordLength: 6,
		password: {
			hash: (password) => hash(password, { memoryCost, timeCost, parallelism, algorithm: 2 }),
			verify: ({ hash: stored, password }) => {
				appendFileSync(PEER_COUNT, ".");
				return verify(stored, password);
			},
		},
	},
	rateLimit: { enabled: PEER_LIMITS === "on" },
	telemetry: { enabled: false },
});
await auth.api.signUpEmail({ body: { email: "camille@example.fr", password: PEER_PIN, name: "Camille" } });
createServer(toNodeHandler(auth)).listen(Number(PEER_PORT), "127.0.0.1");
