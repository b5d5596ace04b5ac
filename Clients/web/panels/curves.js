// Loss and score of a training as lines.

const MARGIN = { left: 84, right: 72, top: 16, bottom: 34 };

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{step: number, loss: number, score: number|null}[]} points
 */
export function drawCurves(canvas, points) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = `20px ${style.fontFamily}`;
  const width = canvas.width - MARGIN.left - MARGIN.right, height = canvas.height - MARGIN.top - MARGIN.bottom;
  const last = Math.max(1, ...points.map(({ step }) => step));
  const highest = Math.max(1e-6, ...points.map(({ loss }) => loss));
  const x = (/** @type {number} */ step) => MARGIN.left + step / last * width;
  const y = (/** @type {number} */ part) => MARGIN.top + (1 - part) * height;
  context.strokeStyle = color("--line");
  context.lineWidth = 1;
  for (const part of [0, 0.5, 1]) {
    context.beginPath();
    context.moveTo(MARGIN.left, y(part));
    context.lineTo(MARGIN.left + width, y(part));
    context.stroke();
  }
  const draw = (/** @type {[number, number][]} */ line, /** @type {string} */ stroke) => {
    context.beginPath();
    // The first point once more, so that a line of one point is a dot.
    line.forEach(([px, py], i) => { if (!i) context.moveTo(px, py); context.lineTo(px, py); });
    context.strokeStyle = stroke;
    context.lineWidth = line.length === 1 ? 8 : 3;
    context.lineJoin = context.lineCap = "round";
    context.stroke();
  };
  draw(points.map(({ step, loss }) => [x(step), y(loss / highest)]), color("--warm"));
  // Scores are measured now and then.
  draw(points.filter(({ score }) => typeof score === "number").map(({ step, score }) => [x(step), y(Math.min(1, score ?? 0))]),
    color("--accent"));
  const write = (/** @type {string} */ text, /** @type {number} */ left, /** @type {number} */ top,
    /** @type {string} */ fill, /** @type {CanvasTextAlign} */ align) => {
    context.fillStyle = fill;
    context.textAlign = align;
    context.fillText(text, left, top);
  };
  write(highest.toPrecision(2), MARGIN.left - 8, MARGIN.top + 12, color("--warm"), "right");
  write("loss", MARGIN.left - 8, MARGIN.top + height, color("--warm"), "right");
  write("1", MARGIN.left + width + 8, MARGIN.top + 12, color("--accent"), "left");
  write("score", MARGIN.left + width + 4, MARGIN.top + height, color("--accent"), "left");
  write(`iteration ${last + 1}`, MARGIN.left + width, canvas.height - 6, color("--muted"), "right");
}
