/** The one place that talks to Peekaboo's server; see /api/openapi.json. */

import { hasText, t } from './language.js';
import { pngOfPixels } from './picture.js';

const PATIENCE_MS = 15_000;

/** An error that people can read: what happened, and a hint what to do next. */
export class Trouble extends Error {
  constructor(code, message, hint, status = 0) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.status = status; // of HTTP; 0 when there was no answer
  }
}

const away = () => new Trouble('away', t('trouble.away'), t('trouble.away.hint'));
const strange = () => new Trouble('strange', t('trouble.strange'), t('trouble.strange.hint'));

/** What went wrong, `{error: {code, message, hint}}`, in the language in use where that is known. */
export function troubleFrom(answer, status = 0) {
  const error = answer?.error;
  if (!error?.message) return strange();
  const known = `error.${error.code}`;
  return hasText(known)
    ? new Trouble(error.code, t(known), t(`${known}.hint`), status)
    : new Trouble(error.code, error.message, error.hint, status);
}

/** Ask the server; rejects with `Trouble` unless the answer is good. */
export async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (problem) {
    throw problem.name === 'AbortError' ? problem : away();
  }
  if (response.ok) return response;
  throw troubleFrom(await response.json().catch(() => null), response.status);
}

/** As `ask`, with the JSON of the answer. */
export const askJson = async (path, options) => (await ask(path, options)).json();

/** What sends an object. */
export const json = (method, body) => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** `{status, version, model}`; a server that is there but does not answer counts as away. */
export const health = () =>
  askJson('/api/health', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });

/** `{models: […], default: id}`. */
export const models = () => askJson('/api/models', { cache: 'no-store' });

/** Give a model another name; resolves with it. */
export const renameModel = (id, name) =>
  askJson(`/api/models/${encodeURIComponent(id)}`, json('PATCH', { name }));

/** Take a model away from this computer. */
export const deleteModel = (id) =>
  ask(`/api/models/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** `{pictures: [{name, label, url}], …}`: the pictures that come with Peekaboo. */
export const parade = () => askJson('/parade/index.json');

/** The bytes of one of those pictures. */
export const pictureFile = async (url) => (await ask(url)).blob();

/** A picture file that the browser cannot open (HEIC, TIFF) as one that it can. */
export const openedByServer = async (file) =>
  (await ask('/api/picture', { method: 'POST', body: file })).blob();

function pictureRequest(pixels, accept, signal) {
  const type = `image/x-rgba; width=${pixels.width}; height=${pixels.height}`;
  return {
    method: 'POST',
    headers: { 'Content-Type': type, Accept: accept },
    body: pixels.data,
    signal,
  };
}

/** The answer of /api/classify for an `ImageData`. */
export function classify(pixels, { model }, signal) {
  const query = new URLSearchParams({ model });
  return askJson(`/api/classify?${query}`, pictureRequest(pixels, 'application/json', signal));
}

/**
 * The answer of /api/relevance for an `ImageData`; `onStart` gets what is known
 * beforehand (`unseen`, `seen`, `before`), `onSquares` squares as they are measured.
 * `settings`: model, rows, columns, cover, measure.
 */
export async function relevance(pixels, settings, { signal, onStart, onSquares }) {
  const path = `/api/relevance?${new URLSearchParams(settings)}`;
  const response = await ask(path, pictureRequest(pixels, 'application/x-ndjson', signal));
  for await (const line of lines(response.body)) {
    if (line.type === 'error') throw troubleFrom(line);
    if (line.type === 'start') onStart(line);
    if (line.type === 'squares') onSquares(line.squares);
    if (line.type === 'result') return line;
  }
  throw away(); // The server went away in the middle of the work.
}

/** `{methods: [{name, title, purpose, settings, available, …}]}` for a model. */
export const methods = (model) => askJson(`/api/methods?${new URLSearchParams({ model })}`);

/** Every colour map: `{name: {table, two_sided, covers}}`. */
export const colours = () => askJson('/colours.json');

/**
 * The answer of /api/explain for an `ImageData`; `onProgress` gets the share 0..1 that is done.
 * `settings`: model, method, target and those of the method. The listener's `references` are
 * files of pictures to compare with.
 */
export const explain = (pixels, settings, listener) =>
  follow('/api/explain', pixels, settings, listener);

/** Ask whether the map of a method can be trusted; as `explain`. */
export const sanity = (pixels, settings, listener) =>
  follow('/api/sanity', pixels, settings, listener);

async function formOf(pixels, references) {
  const form = new FormData();
  form.append('image', await pngOfPixels(pixels));
  for (const file of references) form.append('reference', file, file.name);
  return form;
}

async function follow(address, pixels, settings, { signal, onProgress, references = [] }) {
  const path = `${address}?${new URLSearchParams(settings)}`;
  const accept = 'application/x-ndjson, application/json;q=0.9';
  const request = pictureRequest(pixels, accept, signal);
  if (references.length) {
    request.headers = { Accept: accept };
    request.body = await formOf(pixels, references);
  }
  const response = await ask(path, request);
  if (!response.headers.get('Content-Type').includes('ndjson')) return response.json();
  for await (const line of lines(response.body)) {
    if (line.type === 'error') throw troubleFrom(line);
    if (line.type === 'progress') onProgress(line.share);
    if (line.type === 'result') return line;
  }
  throw away();
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await readOrAway(reader);
    const parts = (rest + (value ?? '')).split('\n');
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
    if (done) return;
  }
}

async function readOrAway(reader) {
  try {
    return await reader.read();
  } catch (problem) {
    throw problem.name === 'AbortError' ? problem : away();
  }
}

/**
 * Add a model from files that belong together; resolves with the model.
 * `onProgress` gets the share 0..1 of the bytes that have arrived (`fetch` cannot tell).
 */
export function addModel(files, { name, signal, onProgress }) {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  if (name) form.append('name', name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/models');
    request.responseType = 'json';
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300 ? resolve(request.response) : reject(troubleFrom(request.response));
    request.onerror = () => reject(away());
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
