// What the page says of gestures that the server has not answered yet.

import { counted } from "./actions.js";
import { sentence } from "./words.js";

/** @typedef {import("./outbox.js").OutboxState} OutboxState */

/**
 * The state of saving in few words.
 * @param {OutboxState} state
 * @param {boolean} connected
 */
export function savingWords(state, connected) {
  const { waiting, online, problem } = state;
  if (problem) return `not saved, ${keptWords(state)}`;
  if (!online || !connected) return `offline, ${waiting ? keptWords(state) : "nothing waits"}`;
  if (waiting === 0) return "saved";
  return `${counted(waiting, "gesture")} on ${waiting === 1 ? "its" : "their"} way`;
}

/** @param {OutboxState} state */
function keptWords({ waiting, unkept }) {
  if (unkept === 0) return `${waiting} kept here`;
  return `${unkept === waiting ? "" : `${waiting} wait, `}a reload loses ${unkept}`;
}

/**
 * What becomes of the gestures that wait, in sentences.
 * @param {OutboxState} state
 */
export function waitingWords({ waiting, unkept }) {
  if (unkept === 0) {
    return "Your gestures are kept in this browser and sent once the server is back.";
  }
  const which = unkept === waiting ? "your gestures" : `${unkept} of your ${waiting} gestures`;
  return `This browser could not store ${which}: do not close or reload this page before the server `
    + "is back, or they are lost.";
}

/**
 * A longer explanation of the state.
 * @param {OutboxState} state
 * @param {boolean} connected
 */
export function savingTitle(state, connected) {
  if (state.problem) return `${sentence(state.problem)} ${waitingWords(state)}`;
  if (!state.online || !connected) return `The server does not answer. ${waitingWords(state)}`;
  return "A gesture is on disk once the server has answered.";
}
