// The actions of the keys that hold while tracks are worked on.

/** @type {import("./tracks.js").Scope[]} */
const SCOPES = ["", "one", "past", "future", "all"];
const DIRECTIONS = /** @type {const} */ (["left", "right", "up", "down"]);

/**
 * @param {import("../model/app.js").App} app
 * @returns {Record<string, (index: number) => void>}
 */
export function trackCommands(app) {
  return {
    tracks: () => app.tracks?.setMode(!app.tracks.mode.current),
    "track.connect": () => app.tracks?.connect(),
    "track.break": () => app.tracks?.cut(),
    "track.swap": () => app.tracks?.swap(),
    "track.merge": () => app.tracks?.merge(),
    "track.delete": () => app.tracks?.remove(),
    "track.restore": () => app.tracks?.restore(),
    "track.walk": (index) => void app.tracks?.suspicions.walk(index === 0 ? 1 : -1),
    "track.scope": (index) => app.tracks?.scope.set(SCOPES[index]),
    "track.step": (index) => app.tracks?.step(DIRECTIONS[index]),
  };
}
