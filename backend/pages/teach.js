/** "Teach your own": pictures in columns, teaching, and what came of it. */

import { Trouble, troubleFrom } from './api.js';
import { acceptDrops, isPicture } from './files.js';
import { number, onLanguage, t } from './language.js';
import { Newest } from './newest.js';
import { make, notice, startShell } from './shell.js';
import { inTab } from './storage.js';
import { byFolder, isCollectionFile, sendFiles, skippedNotice } from './teach-adding.js';
import * as teachApi from './teach-api.js';
import { Camera } from './teach-camera.js';
import { checkItems } from './teach-checks.js';
import { Collections } from './teach-collections.js';
import { LabelCards, MOST_WATCHED } from './teach-labels.js';
import { Outcome } from './teach-outcome.js';
import { MaskDialog } from './teach-mask.js';
import { Training } from './teach-training.js';

const FEWEST_LABELS = 2;
const LOOK_AGAIN_MS = 4000;
const CHECK_AFTER_MS = 700;

const find = (selector) => document.querySelector(selector);

/** The collection on show, as the server last told it. */
let collection = null;
let checks = [];
let watched = []; // names of pictures, the child's choice for the film
let deleted = 0;
let sending = 0;
let lessonUnderWay = false;

const choices = new Newest();
const refreshes = new Newest();
const checkings = new Newest();

const cards = new LabelCards(find('#labels'), {
  rename: (label, to) =>
    attempt(async () => {
      await teachApi.renameLabel(collection.id, label, to);
      cards.renamed(label, to);
      await refresh();
    }),
  remove: async (label) => {
    await remove(() => teachApi.deleteLabel(collection.id, label));
    find('#undo').focus(); // Its button is gone: whoever uses keys goes on here.
  },
  removePicture: async (label, picture) => {
    const focused = cards.card(label).besides(picture.name);
    await remove(() => teachApi.deletePicture(collection.id, picture.name));
    cards.card(label)?.focus(focused);
  },
  enlarge: (label, picture) => large.open(collection.id, label, picture),
  files: (label, files) => take(files, label),
  camera: (label, place) => openCamera(label, place),
  watch: ({ name }) => {
    watched = watched.includes(name)
      ? watched.filter((other) => other !== name)
      : [...watched, name].slice(-MOST_WATCHED);
    show();
  },
});
const camera = new Camera({ onTrouble: tell });
const large = new MaskDialog({ onKept: () => training.showChanges({ again: true }) });
const collections = new Collections({ onChosen: choose, onFile: (files) => take(files), attempt });
const outcome = new Outcome({ onTrouble: fail, attempt });
const training = new Training({
  current: () => ({ ...collection, probes: watched }),
  onJob: hear,
  onTrouble: fail,
});

/** Where a tab keeps that the offer to bring back what was deleted was put away. */
const putAway = () => `undo ${collection.id}`;

/* ---- asking and showing ---- */

/** Send pictures; whoever closes the page meanwhile is asked first. */
async function send(action) {
  sending += 1;
  try {
    return await attempt(action);
  } finally {
    sending -= 1;
  }
}

/** Do what somebody asked for; what went wrong before is no longer told. */
function attempt(action) {
  find('#problem').replaceChildren();
  return guard(action);
}

/** Do something that may fail in ways people can read. */
async function guard(action) {
  try {
    return await action();
  } catch (trouble) {
    fail(trouble);
    return null;
  }
}

function fail(trouble) {
  if (trouble.name === 'AbortError') return;
  if (!(trouble instanceof Trouble)) throw trouble;
  tell(trouble);
}

function tell(trouble) {
  find('#problem').replaceChildren(notice(trouble));
  find('#problem').scrollIntoView({ block: 'nearest' });
}

/** Show the collection `id`; one that does not come leaves everything as it is. */
async function choose(id) {
  const isNewest = choices.begin();
  let answer;
  try {
    answer = await teachApi.collection(id);
  } catch (trouble) {
    if (!isNewest()) return;
    if (collection) collections.chosen = collection.id;
    throw trouble;
  }
  if (!isNewest()) return;
  camera.stop();
  watched = [];
  deleted = 0;
  lessonUnderWay = false;
  checks = []; // Those of another collection say nothing about this one.
  showChecks();
  collection = answer;
  show();
  checkSoon();
  history.replaceState(null, '', `?${new URLSearchParams({ collection: id })}`);
  outcome.load(collection);
  training.follow(collection.id, collection.training); // A lesson on its way hides what is older.
}

/** Ask for the collection again and show it. */
async function refresh() {
  const { id } = collection;
  const isNewest = refreshes.begin();
  const answer = await teachApi.collection(id);
  if (!isNewest() || id !== collection.id) return;
  collection = answer;
  show();
  checkSoon();
}

function show() {
  const { labels } = collection;
  const names = labels.flatMap(({ pictures }) => pictures.map(({ name }) => name));
  watched = watched.filter((name) => names.includes(name));
  cards.show(labels, watched);
  const ready = labels.filter(({ count }) => count > 0).length >= FEWEST_LABELS;
  find('#teach-go').disabled = !ready;
  find('#not-yet').hidden = ready;
  find('#export').href = teachApi.zip(collection.id);
  find('#undo-bar').hidden = !collection.undo || inTab.get(putAway()) !== null;
  find('#undo-text').textContent = deleted
    ? t('teach.deleted', { count: number(deleted) })
    : t('teach.deleted.before');
  training.showChanges();
  training.restate();
  find('#teach').dataset.state = 'ready';
}

/** Ask what is worth mending, in a moment: more may change until then. */
async function checkSoon() {
  const isNewest = checkings.begin();
  await new Promise((go) => setTimeout(go, CHECK_AFTER_MS));
  if (!isNewest()) return;
  const answer = await guard(() => teachApi.checks(collection.id));
  if (!isNewest()) return;
  checks = answer?.checks ?? [];
  showChecks();
}

function showChecks() {
  find('#step-checks').hidden = !checks.length;
  find('#checks').replaceChildren(...checkItems(checks));
}

function hear(job) {
  if (job?.state === 'failed') tell(troubleFrom(job));
  if (!job) return;
  collection.model = job.model ?? collection.model;
  outcome.hear(collection, job);
  if (training.busy) lessonUnderWay = true;
  else if (lessonUnderWay) {
    lessonUnderWay = false;
    guard(() => refresh()); // Examples may have changed during the lesson.
  }
}

/* ---- more and fewer pictures ---- */

function openCamera(label, place) {
  const { id } = collection;
  return camera.open(place, (blob) =>
    send(async () => {
      // The column may have another name by now.
      const now = place.closest('.label-card').dataset.label;
      const { added, count } = await teachApi.addPicture(id, now, blob);
      arrived(id, now, added, count);
      return true;
    })
  );
}

/** Show pictures that were just taken without asking for all of them again. */
function arrived(id, label, added, count) {
  if (id !== collection.id) return;
  const data = collection.labels.find((each) => each.label === label);
  if (!data) return;
  data.pictures.push(...added);
  data.count = count;
  show();
  checkSoon();
}

/** Files from anywhere: collections, folders of pictures, or pictures for `label`. */
async function take(files, label = '') {
  const status = find('#adding');
  status.replaceChildren();
  const whole = files.filter(isCollectionFile);
  const skipped = [];
  let id = collection?.id; // Another one may be chosen while files are on their way.
  await send(async () => {
    for (const file of whole) {
      status.append(make('p', 'notice', t('add.reading', { name: file.name })));
      const added = await teachApi.importCollection(file);
      skipped.push(...added.skipped);
      await collections.load(added.id);
      await choose(added.id);
      id = added.id;
    }
    const others = files.filter((file) => !isCollectionFile(file));
    for (const [folder, some] of label ? [[label, others]] : byFolder(others)) {
      if (!some.length) continue;
      if (!folder) throw new Trouble('where', t('teach.where'), t('teach.where.hint'));
      await takeInto(id, folder, some, skipped);
    }
  });
  status.replaceChildren(...(skipped.length ? [skippedNotice(skipped)] : []));
  if (collection) await guard(() => refresh());
}

async function takeInto(id, label, files, skipped) {
  const { labels } = await teachApi.collection(id);
  const known = labels.some((each) => each.label === label);
  // A folder without a picture is no label; its files are only named.
  if (!known && files.some(isPicture)) await teachApi.addLabel(id, label);
  await refresh();
  const onAdded = ({ added, count }) => arrived(id, label, added, count);
  skipped.push(...(await sendFiles(id, label, files, { status: find('#adding'), onAdded })));
}

function remove(action) {
  return attempt(async () => {
    await action();
    deleted += 1;
    inTab.remove(putAway());
    await refresh();
  });
}

function bringBack() {
  return attempt(async () => {
    await teachApi.undo(collection.id);
    deleted = Math.max(0, deleted - 1);
    await refresh();
  });
}

function addLabel(event) {
  event.preventDefault();
  const input = find('#new-label');
  const label = input.value.trim();
  if (!label) return;
  input.value = ''; // At once: a double click adds one box.
  attempt(async () => {
    try {
      await teachApi.addLabel(collection.id, label);
    } catch (trouble) {
      input.value ||= label;
      throw trouble;
    }
    await refresh();
    cards.card(label)?.element.scrollIntoView({ block: 'nearest' });
  });
}

/** Blocks in Scratch add pictures as well: look now and then whether there are more. */
async function lookAgain() {
  if (document.hidden || !collection || training.busy) return;
  const before = collection.labels.map(({ label, count }) => [label, count]);
  try {
    const { collections: all } = await teachApi.collections();
    const now = all.find(({ id }) => id === collection.id)?.labels;
    const same = JSON.stringify(before) === JSON.stringify(now?.map((l) => [l.label, l.count]));
    if (now && !same) await refresh();
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble; // Away: the page's banner says so.
  }
}

async function start() {
  await attempt(async () => {
    await collections.load(new URLSearchParams(location.search).get('collection'));
    await choose(collections.chosen);
    await training.load();
  });
}

find('#add-label').addEventListener('submit', addLabel);
find('#undo').addEventListener('click', bringBack);
find('#undo-close').addEventListener('click', () => {
  inTab.set(putAway(), '');
  show();
});
find('#folder').addEventListener('click', () => find('#folder-input').click());
find('#folder-input').addEventListener('change', (event) => {
  take([...event.target.files]);
  event.target.value = '';
});
acceptDrops(document.body, (files) => take(files));
document.addEventListener('keydown', (event) => {
  const writing = event.target.matches('input, select, textarea');
  if (event.key === 'z' && (event.ctrlKey || event.metaKey) && !writing && collection?.undo) {
    event.preventDefault();
    bringBack();
  }
});
globalThis.addEventListener('beforeunload', (event) => {
  if (sending) event.preventDefault();
});
onLanguage(() => {
  if (!collection) return;
  cards.relabel();
  collections.relabel();
  training.relabel();
  outcome.relabel();
  showChecks();
  show();
});
setInterval(lookAgain, LOOK_AGAIN_MS);
startShell(start);
start();
