// The forms of the contract (docs/annotator.md), as the page uses them.

/**
 * Pixels in a box, row by row, as alternating runs; the first run is background.
 * @typedef {{box: [number, number, number, number], runs: number[]}} Mask
 *
 * A prompt as in docs/schema/prompts.schema.json.
 * @typedef {{type: "point", y: number, x: number, label?: "positive"|"negative"}} PointPrompt
 * @typedef {{type: "box", y0: number, x0: number, y1: number, x1: number}} BoxPrompt
 * @typedef {{type: "polygon", points: [number, number][]}} PolygonPrompt
 * @typedef {{type: "scribble", points: [number, number][], label?: "positive"|"negative"}} ScribblePrompt
 * @typedef {{type: "mask", size: [number, number], counts: string}} MaskPrompt
 * @typedef {PointPrompt|BoxPrompt|PolygonPrompt|ScribblePrompt|MaskPrompt} Prompt
 *
 * @typedef {{box: number[], rows: number, cols: number, data: string, scale: number}} EncodedLogits
 * @typedef {{id?: number, index?: number, mask: Mask, score: number, stability: number,
 *   logits?: EncodedLogits}} PredictedMask
 *
 * @typedef {{name: string, color?: string, min: number, max: number, low: number, high: number}} Channel
 * @typedef {{level: number, y: number, x: number, tile: number}} Level
 * @typedef {{id: number, name: string, path: string,
 *   shape: {t: number, z: number, y: number, x: number, c: number},
 *   dtype: "uint8"|"uint16"|"float32", channels: Channel[],
 *   pixelSize?: {y: number, x: number, z?: number, unit: string}|null,
 *   status: ImageStatus, objects: number, levels: Level[], edit: number,
 *   canUndo: boolean, canRedo: boolean, version?: string, problem?: string}} ImageSummary
 * @typedef {"new"|"work"|"done"|"skipped"} ImageStatus
 *
 * @typedef {{label: number, class: string|null, name: string|null,
 *   box: [number, number, number, number], t?: number[], z?: number[], area: number,
 *   centroid: [number, number], source: string, score: number|null, stability: number|null, model: string|null,
 *   locked: boolean, accepted: boolean, doubtful: boolean, parent: number|null,
 *   pending?: boolean}} ObjectRow
 *
 * @typedef {{t: number, z: number, row: number, col: number, hash: string}} TileHash
 * @typedef {{edit: number, parent?: number, kind?: string, words?: string, tiles: TileHash[],
 *   objects: ObjectRow[], removed: number[], created?: number[], canUndo: boolean, canRedo: boolean,
 *   repeated?: boolean}} EditAnswer
 * @typedef {{edit: number, parent: number, time: string, client: string, kind: string, words: string,
 *   undone: boolean}} EditSummary
 *
 * What happens where something is already.
 * @typedef {"keep"|"keepObjects"|"overwrite"} Rule
 *
 * A gesture without key, client and base, which are added when it is sent.
 * @typedef {{kind: string, t?: number, z?: number, [key: string]: any}} Gesture
 *
 * @typedef {{id: number, kind: string, state: "waiting"|"running"|"done"|"failed"|"cancelled",
 *   done: number, total: number, words: string, error: {code: string, message: string}|null,
 *   result: any, curves?: {step: number, loss: number, score: number|null}[]}} Job
 *
 * @typedef {{name: string, hash: string|null, modes: string[], suitedOptions: any}} ModelDescription
 * @typedef {{id?: string, name: string, version: string, model: ModelDescription|null,
 *   images: ImageSummary[], tour: boolean, classes?: string[]}} Project
 */
export {};
