// The actions of the keys that hold while tracks are worked on.

/** @type {import("./tracks.js").Scope[]} */
const SCOPES = ["", "one", "past", "future", "all"];

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
    "track.next": () => void app.tracks?.suspicions.walk(1),
    "track.previous": () => void app.tracks?.suspicions.walk(-1),
    "track.scope": (index) => app.tracks?.scope.set(SCOPES[index]),
    "track.left": () => app.tracks?.step("left"),
    "track.right": () => app.tracks?.step("right"),
    "track.up": () => app.tracks?.step("up"),
    "track.down": () => app.tracks?.step("down"),
  };
}
