/** Says that too many wrong attempts disabled the PIN. */

import { onlyAfter } from "../outcome.js";

export const enter = onlyAfter("pin-disabled");
