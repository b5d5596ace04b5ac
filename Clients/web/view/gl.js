// The few things that all layers need of WebGL.

/**
 * @param {WebGL2RenderingContext} gl
 * @param {string} vertex
 * @param {string} fragment
 */
export function program(gl, vertex, fragment) {
  const made = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [kind, source] of /** @type {[number, string][]} */ (
    [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source.trim());
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(`a shader is wrong: ${gl.getShaderInfoLog(shader)}`);
    }
    gl.attachShader(made, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`shaders do not fit: ${gl.getProgramInfoLog(made)}`);
  }
  return new Program(gl, made);
}

/** A program with its uniforms by name. */
export class Program {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {WebGLProgram} program
   */
  constructor(gl, program) {
    this.gl = gl;
    this.program = program;
    /** @type {Map<string, WebGLUniformLocation|null>} */
    this.places = new Map();
  }

  use() { this.gl.useProgram(this.program); }

  /** @param {string} name */
  at(name) {
    let place = this.places.get(name);
    if (place === undefined) {
      place = this.gl.getUniformLocation(this.program, name);
      this.places.set(name, place);
    }
    return place;
  }

  /** @param {string} name @param {number[]} values */
  floats(name, ...values) {
    const { gl } = this, place = this.at(name);
    if (values.length === 1) gl.uniform1f(place, values[0]);
    else if (values.length === 2) gl.uniform2f(place, values[0], values[1]);
    else if (values.length === 3) gl.uniform3f(place, values[0], values[1], values[2]);
    else gl.uniform4f(place, values[0], values[1], values[2], values[3]);
  }

  /** @param {string} name @param {number} value */
  int(name, value) { this.gl.uniform1i(this.at(name), value); }

  /** @param {string} name @param {number} value */
  uint(name, value) { this.gl.uniform1ui(this.at(name), value); }
}

/**
 * A texture that is read pixel by pixel.
 * @param {WebGL2RenderingContext} gl
 * @param {number} format sized
 * @param {number} width
 * @param {number} height
 */
export function texture(gl, format, width, height) {
  const made = /** @type {WebGLTexture} */ (gl.createTexture());
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.NEAREST], [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ]) gl.texParameteri(gl.TEXTURE_2D, name, value);
  return made;
}

/**
 * Where a rectangle of the image lies on the screen, from -1 to 1.
 * @param {import("../model/viewport.js").Viewport} viewport
 * @param {number[]} box y0, x0, y1, x1
 */
export function clipRect(viewport, box) {
  const { scale, center, screen } = viewport;
  const left = (box[1] - center.x) * scale * 2 / screen.width;
  const right = (box[3] - center.x) * scale * 2 / screen.width;
  const top = -(box[0] - center.y) * scale * 2 / screen.height;
  const bottom = -(box[2] - center.y) * scale * 2 / screen.height;
  return [left, top, right, bottom];
}
