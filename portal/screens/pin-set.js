/** A new PIN is saved. */

import { told } from "../outcome.js";

export const enter = told("pin-set");
