// Requests to the server, and what they end in.

/** The server said no. */
export class RefusedError extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, message?: string, remedy?: string}} error
   * @param {any} body
   */
  constructor(status, error, body) {
    super([error.message ?? `the server answered ${status}`, error.remedy].filter(Boolean).join(" "));
    this.status = status;
    this.code = error.code ?? "";
    this.body = body;
  }
}

/** The server did not answer. */
export class UnreachableError extends Error {
  constructor() { super("the server does not answer"); }
}

export class Api {
  /** @param {string} root */
  constructor(root = "/api/1") { this.root = root; }

  /**
   * @param {string} method
   * @param {string} path
   * @param {any} [body]
   * @param {AbortSignal} [signal]
   * @returns {Promise<Response>}
   */
  async send(method, path, body, signal) {
    /** @type {RequestInit} */
    const init = { method, signal, credentials: "same-origin" };
    if (method !== "GET") {
      init.headers = { "Content-Type": "application/json" };
      init.body = JSON.stringify(body ?? {});
    }
    let response;
    try {
      response = await fetch(this.root + path, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new UnreachableError();
    }
    if (response.ok || response.status === 304) return response;
    if (response.status >= 502 && response.status <= 504) throw new UnreachableError();
    const answer = await response.json().catch(() => ({}));
    throw new RefusedError(response.status, answer.error ?? {}, answer);
  }

  /** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
  async get(path, signal) { return json(await this.send("GET", path, undefined, signal)); }

  /** @param {string} path @param {any} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
  async post(path, body, signal) { return json(await this.send("POST", path, body, signal)); }

  /** @param {string} path @returns {Promise<any>} */
  async delete(path) { return json(await this.send("DELETE", path)); }

  /**
   * A tile of labels.
   * @param {string} path
   * @returns {Promise<{hash: string, data: Uint32Array|null}>}
   */
  async labels(path) {
    const response = await this.send("GET", path);
    const hash = (response.headers.get("ETag") ?? "").replace(/^W\//, "").replaceAll('"', "");
    if (response.status === 204) return { hash: "0", data: null };
    return { hash, data: new Uint32Array(await response.arrayBuffer()) };
  }
}

/** @param {Response} response */
async function json(response) {
  if (response.status === 204) return null;
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}
