/** Requests a code for a forgotten PIN. */

export { showCodeRequest as show } from "../recovery.js";
