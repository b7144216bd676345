/**
 * @typedef {{ id: string, name: string, media_type: string, size: number }} Stored what the server answers
 */

/** Why an upload failed: a code of the server, or `network`, `aborted`, `failed`. */
export class UploadError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Codes that the same file meets again however often it is sent. */
const FINAL = new Set(["too_large", "too_many", "file_empty", "type_not_allowed", "not_allowed", "forbidden"]);

/**
 * Whether sending the same file again can help.
 * @param {string} code
 */
export function mayRetry(code) {
  return !FINAL.has(code);
}

/**
 * Sends one file as the multipart field `file`. XMLHttpRequest, because fetch tells no upload progress.
 * @param {string} url
 * @param {File} file
 * @param {(fraction: number) => void} [onProgress]
 * @returns {{ stored: Promise<Stored>, abort: () => void }}
 */
export function upload(url, file, onProgress = () => {}) {
  const request = new XMLHttpRequest();
  /** @type {Promise<Stored>} */
  const stored = new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new UploadError("network")));
    request.addEventListener("timeout", () => reject(new UploadError("network")));
    request.addEventListener("abort", () => reject(new UploadError("aborted")));
    request.addEventListener("load", () => {
      const answer = parse(request.responseText);
      const good = request.status >= 200 && request.status < 300 && typeof answer?.id === "string";
      if (good) resolve(answer);
      else reject(new UploadError(errorCode(request.status, answer)));
    });
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
  return { stored, abort: () => request.abort() };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The code of a problem answer; a proxy in front answers without one, then the status decides.
 * @param {number} status
 * @param {any} answer
 */
function errorCode(status, answer) {
  const code = answer?.errors?.[0]?.code ?? answer?.code;
  if (typeof code === "string") return code;
  if (status === 413) return "too_large";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  return "failed";
}
