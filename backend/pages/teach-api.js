/** What "Teach your own" asks the server: collections, their pictures, training, what came of it. */

import { ask, askJson, json, Trouble } from './api.js';

const path = (id, rest = '') => `/api/collections/${encodeURIComponent(id)}${rest}`;
const labelQuery = (label) => new URLSearchParams({ label });
const fresh = { cache: 'no-store' };

/** What `asking` resolves with, or null when there is no such thing (yet). */
async function ifThere(asking) {
  try {
    return await asking;
  } catch (trouble) {
    if (trouble instanceof Trouble && trouble.status === 404) return null;
    throw trouble;
  }
}

/** `{collections: [{id, name, labels: [{label, count}], model}], default}`. */
export const collections = () => askJson('/api/collections', fresh);

/** `{id, name, labels: [{label, count, pictures}], model, training, undo}`. */
export const collection = (id) => askJson(path(id), fresh);

export const addCollection = (name) => askJson('/api/collections', json('POST', { name }));

/** A zip or a Teachable Machine project becomes a collection, with `skipped` files. */
export function importCollection(file) {
  const form = new FormData();
  form.append('file', file, file.name);
  return askJson('/api/collections', { method: 'POST', body: form });
}

export const renameCollection = (id, name) => askJson(path(id), json('PATCH', { name }));
export const deleteCollection = (id) => ask(path(id), { method: 'DELETE' });

export const addLabel = (id, label) => askJson(path(id, '/labels'), json('POST', { label }));
export const renameLabel = (id, label, to) =>
  askJson(path(id, '/labels'), json('PATCH', { label, to }));
export const deleteLabel = (id, label) =>
  ask(path(id, `/labels?${labelQuery(label)}`), { method: 'DELETE' });

/** Send one picture (`Blob`); `{added: [{name, url}], skipped, count}`. */
export const addPicture = (id, label, blob) =>
  askJson(path(id, `/pictures?${labelQuery(label)}`), {
    method: 'POST',
    headers: { 'Content-Type': blob.type },
    body: blob,
  });

/** Send some picture files at once; as `addPicture`. */
export function addPictures(id, label, files, signal) {
  const form = new FormData();
  for (const file of files) form.append('image', file, file.name);
  const options = { method: 'POST', body: form, signal };
  return askJson(path(id, `/pictures?${labelQuery(label)}`), options);
}

export const deletePicture = (id, name) =>
  ask(path(id, `/pictures/${encodeURIComponent(name)}`), { method: 'DELETE' });

/** Which part of a picture is the thing itself (PNG, white is inside); null if unknown. */
export const mask = async (id, name) =>
  (await ifThere(ask(path(id, `/pictures/${encodeURIComponent(name)}/mask`), fresh)))?.blob();

export const setMask = (id, name, blob) =>
  ask(path(id, `/pictures/${encodeURIComponent(name)}/mask`), {
    method: 'PUT',
    headers: { 'Content-Type': blob.type },
    body: blob,
  });

/** Bring back what was deleted last. */
export const undo = (id) => askJson(path(id, '/undo'), { method: 'POST' });

/** `{checks: [{code, message, hint, labels, pictures}]}`. */
export const checks = (id) => ifThere(askJson(path(id, '/checks'), fresh));

/** `{extractors: [{id, name, source}], default}`. */
export const extractors = () => ifThere(askJson('/api/extractors', fresh));

/** Begin (or with `resume` go on) teaching; the job. */
export const teach = (id, settings) => askJson(path(id, '/training'), json('POST', settings));
export const training = (id) => ifThere(askJson(path(id, '/training'), fresh));
export const stopTeaching = (id) => ask(path(id, '/training'), { method: 'DELETE' });

export const film = (id) => ifThere(askJson(path(id, '/film'), fresh));
export const review = (id) => ifThere(askJson(path(id, '/review'), fresh));

/* ---- addresses ---- */

/** A picture of the collection, small. */
export const thumbnail = (url) => `${url}?size=160`;

/** What a switch does to a picture: `change` is flip, shift, light, zoom or background. */
export const preview = (url, change) =>
  `${url}/preview?${new URLSearchParams({ change, seed: 1 })}`;

export const filmFile = (id, format, probe) =>
  path(id, `/film/file?${new URLSearchParams({ format, probe })}`);

export const zip = (id, withModel = false) => path(id, `/export${withModel ? '?model=1' : ''}`);

export const modelFile = (model, format) =>
  `/api/models/${encodeURIComponent(model)}/export?${new URLSearchParams({ format })}`;
