/** "Try a picture": one picture, one classifier, and what happens when squares are covered. */

import { addAll } from './adding.js';
import { Answer, confidenceOf } from './answer.js';
import * as api from './api.js';
import { Board } from './board.js';
import { Grid } from './grid.js';
import { currentLanguage, onLanguage, percent, t } from './language.js';
import { notice, startShell } from './shell.js';
import { showSamples, startSources, unmarkSamples } from './sources.js';

const COVERS = ['black', 'grey', 'white', 'mean', 'blur', 'noise'];
const MEASURES = ['auto', 'confidence', 'log_odds'];

const find = (selector) => document.querySelector(selector);
const page = find('#try');
const answer = new Answer({ winner: find('#winner'), sure: find('#sure'), bars: find('#bars') });
const board = new Board(find('#board'), { onCover: cover, onPoint: point });

/** What is known about the picture on show. */
let picture = null;
let before = null; // the answer for the uncovered picture
let now = null; // the answer for the picture with the covered squares, as soon as it has come
let isUnanswered = false; // It will not come.
let result = null; // the final answer of /api/relevance
let measuredCount = 0;
let pointed = null;
let looking = new AbortController();
let covering = new AbortController();

/* ---- asking ---- */

function show(newPicture) {
  picture = newPicture;
  unmarkSamples();
  look();
}

/** Ask everything about the picture with the settings as they are. */
async function look() {
  if (!picture) return;
  looking.abort();
  covering.abort();
  looking = new AbortController();
  const { signal } = looking;
  before = now = result = pointed = null;
  measuredCount = 0;
  // Somebody may be quicker than the list of classifiers.
  page.dataset.state = find('#model').value ? 'looking' : 'waiting';
  find('#problem').replaceChildren();
  board.show(picture, Grid.along(chosenSize(), picture));
  setView('relevance');
  if (page.dataset.state === 'waiting') return;
  try {
    const pixels = picture.pixels();
    before = now = await api.classify(pixels, { model: find('#model').value }, signal);
    answer.show(before);
    if (board.covered().length) cover(board.covered()); // somebody was quicker
    find('#legend').hidden = !board.frame(before.seen);
    page.dataset.state = 'measuring';
    result = await api.relevance(pixels, settings(), {
      signal,
      onStart: ({ unseen }) => board.setUnseen(unseen),
      onSquares: measured,
    });
    board.finish(result);
    page.dataset.state = 'ready';
    say();
    announce(`${before.label}: ${percent(before.confidence)}. ${sentence()}`);
  } catch (trouble) {
    fail(trouble);
  }
}

const chosenSize = () => Number(document.querySelector('[name=size]:checked').value);

function settings() {
  const { rows, columns } = board.grid;
  return {
    model: find('#model').value,
    rows,
    columns,
    cover: find('#cover').value,
    measure: find('#measure').value,
  };
}

function measured(squares) {
  measuredCount += squares.length;
  board.measured(squares);
  say();
}

/** Ask what the classifier says with these squares covered. */
async function cover(covered) {
  if (!before) return;
  covering.abort();
  covering = new AbortController();
  now = null;
  isUnanswered = false;
  setView('cover');
  try {
    const pixels = picture.pixels(covered.map(({ row, column }) => board.grid.box(row, column)));
    const model = find('#model').value;
    now = covered.length ? await api.classify(pixels, { model }, covering.signal) : before;
    answer.show(before, now);
    find('#problem').replaceChildren();
    say();
    announce(coverSentence());
  } catch (trouble) {
    isUnanswered = trouble.name !== 'AbortError'; // else something newer is being asked
    fail(trouble);
  }
}

function point(row, column) {
  pointed = { row, column };
  say();
}

function fail(trouble) {
  if (trouble.name === 'AbortError') return; // Something newer is being asked.
  if (!(trouble instanceof api.Trouble)) throw trouble;
  if (picture) page.dataset.state = result ? 'ready' : 'failed';
  if (!now) answer.clear();
  find('#problem').replaceChildren(notice(trouble));
  say();
}

/* ---- saying ---- */

function setView(view) {
  find(`[name=view][value=${view}]`).checked = true;
  board.setView(view);
  say();
}

function say() {
  const inCover = board.element.dataset.view === 'cover';
  find('#say').textContent = inCover ? coverSentence() : relevanceText();
  find('#try-it').hidden = inCover || !result;
  find('#try-it').textContent = result?.verdict === 'flat' ? t('say.flat.hint') : t('say.click');
  find('#unit').hidden = inCover || !result || !find('#numbers').checked;
  find('#unit').textContent = result ? t(`numbers.${result.measure}`) : '';
  find('#uncover').hidden = !(inCover && board.covered().length);
  const bar = find('#measured');
  bar.hidden = inCover || !isMeasuring();
  bar.value = board.grid ? measuredCount / board.grid.count : 0;
}

const isMeasuring = () => page.dataset.state === 'measuring';

function relevanceText() {
  if (!before) return t('say.looking');
  if (isMeasuring()) return t('say.measuring', { done: measuredCount, all: board.grid.count });
  if (!result) return t('say.click');
  return pointed ? squareSentence(pointed) : sentence();
}

/** The result in one sentence: the server's own in English, ours in other languages. */
function sentence() {
  if (currentLanguage() === 'en') return result.sentence;
  const { label, confidence } = result.before;
  const at = result.most_relevant ?? helpedMost();
  return at ? squareSentence(at) : t('say.flat', { label, before: percent(confidence) });
}

/** The square that, covered, made the classifier surer than any other; null if none really did. */
function helpedMost() {
  const drops = result.confidence_drop.flat();
  const least = Math.min(...drops);
  if (least > -0.01) return null;
  const index = drops.indexOf(least);
  return { row: Math.floor(index / result.columns), column: index % result.columns };
}

function squareSentence({ row, column }) {
  const values = {
    row: row + 1,
    column: column + 1,
    label: result.target,
    before: percent(result.before.confidence),
    after: percent(result.confidence[row][column]),
  };
  if (result.unseen.some(([r, c]) => r === row && c === column)) return t('say.unseen', values);
  if (values.before === values.after) return t('say.same', values);
  const drops = result.confidence_drop[row][column] > 0;
  return drops ? t('say.drops', values) : t('say.helps', values);
}

function coverSentence() {
  if (!before || !board.covered().length) return t('say.click');
  if (!now) return isUnanswered ? '' : t('say.looking');
  const { label } = before;
  const values = {
    label,
    before: percent(before.confidence),
    after: percent(confidenceOf(now, label)),
  };
  const change = confidenceOf(now, label) - before.confidence;
  const key = values.before === values.after ? 'same' : change < 0 ? 'drop' : 'rise';
  const flip = now.label === label ? '' : ` ${t('say.flip', { winner: now.label })}`;
  return t(`say.covered.${key}`, values) + flip;
}

function announce(text) {
  find('#announce').textContent = text;
}

/* ---- choosing ---- */

async function loadModels(wanted) {
  const select = find('#model');
  const answered = await api.models();
  select.replaceChildren(...answered.models.map(({ id, name }) => new Option(name, id)));
  const known = answered.models.some(({ id }) => id === wanted);
  select.value = known ? wanted : answered.default;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

async function addModels(files) {
  const onAdded = ({ id }) => guarded(() => loadModels(id));
  await addAll(files, { status: find('#add-status'), onAdded });
  look();
}

function fillSelect(select, values, prefix) {
  const chosen = select.value || values[0];
  select.replaceChildren(...values.map((value) => new Option(t(`${prefix}.${value}`), value)));
  select.value = chosen;
}

function fillSettings() {
  fillSelect(find('#cover'), COVERS, 'cover');
  fillSelect(find('#measure'), MEASURES, 'measure');
}

async function guarded(work) {
  try {
    return await work();
  } catch (trouble) {
    return fail(trouble);
  }
}

const handlers = {
  onPicture: show,
  onModelFiles: addModels,
  onTrouble: (trouble) => find('#problem').replaceChildren(notice(trouble)),
};

async function start() {
  find('#problem').replaceChildren();
  const wanted = find('#model').value || new URLSearchParams(location.search).get('model');
  await guarded(() => loadModels(wanted));
  await guarded(() => showSamples(find('#model').value, handlers));
  if (['waiting', 'failed'].includes(page.dataset.state)) look();
}

startShell(start);
fillSettings();
startSources(handlers);
find('#numbers').addEventListener('change', () => {
  board.setNumbers(find('#numbers').checked);
  say();
});
find('#uncover').addEventListener('click', () => board.uncover());
board.element.addEventListener('pointerleave', () => {
  pointed = null;
  say();
});
for (const control of document.querySelectorAll('#model, #cover, #measure, [name=size]')) {
  control.addEventListener('change', look);
}
for (const control of document.querySelectorAll('[name=view]')) {
  control.addEventListener('change', () => setView(control.value));
}
find('#model').addEventListener('change', ({ target }) =>
  guarded(() => showSamples(target.value, handlers))
);
onLanguage(() => {
  fillSettings();
  answer.refresh();
  if (!picture) return;
  board.relabel();
  say();
});
start();
