/** "Look inside": one picture, up to four looks at it side by side. */

import { addAll } from './adding.js';
import * as api from './api.js';
import { save } from './keeping.js';
import { onLanguage } from './language.js';
import { lookReport } from './look-report.js';
import { Look } from './look.js';
import { loadColours, relabelView, startView, tiles, view } from './look-view.js';
import { notice, startShell } from './shell.js';
import { showSamples, startSources, unmarkSamples } from './sources.js';

const MOST_LOOKS = 4;
const FIRST_METHODS = ['grad_cam', 'occlusion', 'integrated_gradients', 'xrai'];

const find = (selector) => document.querySelector(selector);
const page = find('#look');

let picture = null;
let models = [];
let usualModel = null;
let looks = [];
let answers = new Map();

/* ---- the picture ---- */

function show(newPicture) {
  picture = newPicture;
  answers = new Map();
  unmarkSamples();
  find('#problem').replaceChildren();
  page.dataset.state = 'picture';
  const thumbnail = find('#thumbnail');
  thumbnail.width = newPicture.width;
  thumbnail.height = newPicture.height;
  thumbnail.getContext('2d').drawImage(newPicture.canvas, 0, 0);
  if (!looks.length) addLook();
  else for (const look of looks) look.show(picture);
  bringIntoView(find('#looks'));
}

/** On a phone the maps are further down than one sees. */
function bringIntoView(element) {
  if (element.getBoundingClientRect().top > innerHeight / 3) element.scrollIntoView();
}

/* ---- looks ---- */

function addLook() {
  if (!models.length || looks.length >= MOST_LOOKS) return null;
  const taken = looks.map((look) => look.method.value || look.firstMethod);
  const method = FIRST_METHODS.find((name) => !taken.includes(name));
  const model = looks.at(-1)?.model.value ?? usualModel;
  const look = new Look(models, { model, method }, { view, tiles, answer, onRemove: removeLook });
  looks.push(look);
  find('#looks').append(look.element);
  look.show(picture);
  countLooks();
  return look;
}

/** What a classifier says about the picture; asked once for all looks. */
function answer(model) {
  const known = answers; // of this picture; another one may be chosen meanwhile
  if (!known.has(model)) {
    const asked = api.classify(picture.pixels(), { model });
    known.set(model, asked);
    asked.catch(() => known.delete(model)); // Asked again the next time.
  }
  return known.get(model);
}

function removeLook(look) {
  look.close();
  looks = looks.filter((other) => other !== look);
  countLooks();
  find('#add').focus();
}

function countLooks() {
  page.dataset.looks = looks.length;
  find('#add').disabled = looks.length >= MOST_LOOKS;
  looks.forEach((look, index) => {
    look.number = index + 1;
    look.remove.hidden = looks.length === 1;
    look.relabel();
  });
}

const paintAll = () => looks.forEach((look) => look.paint());

/* ---- loading ---- */

function fail(trouble) {
  if (!(trouble instanceof api.Trouble)) throw trouble;
  find('#problem').replaceChildren(notice(trouble));
}

async function guarded(work) {
  try {
    await work();
  } catch (trouble) {
    fail(trouble);
  }
}

async function loadModels(wanted) {
  const answer = await api.models();
  models = answer.models;
  usualModel = models.some(({ id }) => id === wanted) ? wanted : answer.default;
}

const addModels = (files) => addAll(files, { status: find('#add-status'), onAdded: added });

async function added({ id }) {
  await guarded(() => loadModels(id));
  for (const look of looks) look.offer(models);
  if (looks.length) looks.at(-1).use(usualModel);
  else if (picture) addLook();
}

const handlers = {
  onPicture: show,
  onModelFiles: addModels,
  onTrouble: (trouble) => find('#problem').replaceChildren(notice(trouble)),
};

async function start() {
  find('#problem').replaceChildren();
  await guarded(async () => {
    await loadColours();
    await loadModels(new URLSearchParams(location.search).get('model'));
    await showSamples(usualModel, handlers);
    if (picture && !looks.length) addLook();
  });
}

startShell(start);
startView(paintAll);
startSources(handlers);
find('#add').addEventListener('click', () => addLook()?.method.focus());
find('#report').addEventListener('click', () =>
  guarded(async () => {
    const answered = looks.filter((look) => look.result);
    if (answered.length) save(await lookReport(answered, picture), 'look-inside.html');
  })
);
onLanguage(() => {
  relabelView();
  for (const look of looks) look.relabel();
});
start();
