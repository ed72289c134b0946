/** Says that the new PIN is saved. */

import { onlyAfter } from "../outcome.js";

export const enter = onlyAfter("pin-set");
