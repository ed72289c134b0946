/** Requests a code for a member who has no PIN yet. */

export { showCodeRequest as show } from "../recovery.js";
