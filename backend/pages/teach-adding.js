/** Pictures from files and folders: sent some at a time, with progress; what was skipped is told. */

import * as teachApi from './teach-api.js';
import { folderOf, isPicture } from './files.js';
import { number, t } from './language.js';
import { inPixels } from './picture.js';
import { make } from './shell.js';

const AT_ONCE = 8;
const NAMED = 5;
const COLLECTION_FILE = /\.(zip|tm)$/i;

/** Whether a file holds a whole collection. */
export const isCollectionFile = (file) => COLLECTION_FILE.test(file.name);

/** Files by the folder that they lie in: `Map(label → files)`; those alone are under ''. */
export function byFolder(files) {
  const groups = new Map();
  for (const file of files) {
    const label = folderOf(file);
    groups.set(label, [...(groups.get(label) ?? []), file]);
  }
  return groups;
}

/**
 * Send files as pictures of a label, telling progress in `status`; `onAdded({added, count})` hears
 * of every few. Resolves with the skipped ones: `[{name, message}]`.
 */
export async function sendFiles(id, label, files, { status, onAdded }) {
  const skipped = files
    .filter((file) => !isPicture(file))
    .map(({ name }) => ({ name, message: t('teach.skipped.kind') }));
  const pictures = files.filter(isPicture);
  const stopper = new AbortController();
  const progress = progressBox(label, pictures.length, stopper);
  status.append(progress.box);
  try {
    for (let sent = 0; sent < pictures.length; sent += AT_ONCE) {
      progress.show(sent);
      const some = await Promise.all(pictures.slice(sent, sent + AT_ONCE).map(inPixels));
      const answer = await teachApi.addPictures(id, label, some, stopper.signal);
      skipped.push(...answer.skipped);
      onAdded(answer);
    }
  } catch (trouble) {
    if (trouble.name !== 'AbortError') throw trouble; // What has arrived stays.
  } finally {
    progress.box.remove();
  }
  return skipped;
}

function progressBox(label, all, stopper) {
  const box = make('div', 'adding');
  const row = make('div', 'row');
  const text = make('strong');
  text.dir = 'auto';
  const stop = make('button', 'button small quiet', t('add.cancel'));
  stop.type = 'button';
  stop.addEventListener('click', () => stopper.abort());
  row.append(text, stop);
  const bar = make('progress');
  bar.max = all;
  bar.setAttribute('aria-label', label);
  box.append(row, bar);
  const show = (done) => {
    bar.value = done;
    text.textContent = t('teach.sending', { label, done: number(done), all: number(all) });
  };
  show(0);
  return { box, show };
}

/** A message that names files which were left out. */
export function skippedNotice(skipped) {
  const box = make('div', 'notice problem');
  const text = make('div');
  text.append(make('strong', '', t('teach.skipped', { count: number(skipped.length) })));
  const list = make('ul');
  for (const { name, message } of skipped.slice(0, NAMED)) {
    const item = make('li', '', `${name}: ${message}`);
    item.dir = 'auto';
    list.append(item);
  }
  const rest = skipped.length - NAMED;
  if (rest > 0) list.append(make('li', '', t('models.more', { count: rest })));
  text.append(list);
  box.append(text);
  return box;
}
