/** Too many wrong tries have disabled the PIN. */

import { told } from "../outcome.js";

export const enter = told("pin-disabled");
