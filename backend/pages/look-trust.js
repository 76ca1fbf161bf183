/** "Can I trust this map?": the checks of /api/sanity in plain words, with their curves. */

import * as api from './api.js';
import { number, percent, t } from './language.js';
import { make, notice } from './shell.js';
import { written } from './written.js';

/** As in the server: a map this much like the trained one does not depend on what was learned. */
const STILL_ALIKE = 0.5;
const MOST_ERROR = 0.05;
const WIDTH = 220;
const HEIGHT = 84;

/** The button below a map, and what was found when it was clicked. */
export class Trust {
  #found = null;

  /** `question()` gives `{pixels, settings, signal}`; the signal ends when there is a new map. */
  constructor(question) {
    this.question = question;
    this.element = make('div', 'look-trusted');
    this.button = written(make('button', 'button small quiet'), () => t('trust.ask'));
    this.button.type = 'button';
    this.button.addEventListener('click', () => this.#check());
    this.said = make('div');
    this.said.setAttribute('aria-live', 'polite');
    this.element.append(this.button, this.said);
  }

  /** Another map will come, which can be checked or not. */
  begin(isPossible) {
    this.element.hidden = !isPossible;
    this.button.disabled = false;
    this.#found = null;
    this.said.replaceChildren();
  }

  /** Write what was found in the language in use. */
  relabel() {
    if (this.#found) this.said.replaceChildren(report(this.#found));
  }

  async #check() {
    const { pixels, settings, signal } = this.question();
    const share = make('progress');
    share.setAttribute('aria-label', t('trust.working'));
    this.said.replaceChildren(make('p', '', t('trust.working')), share);
    this.button.disabled = true;
    try {
      const onProgress = (done) => (share.value = done);
      const found = await api.sanity(pixels, settings, { signal, onProgress });
      if (signal.aborted) return;
      this.#found = found;
      this.relabel();
    } catch (trouble) {
      if (signal.aborted) return;
      if (!(trouble instanceof api.Trouble)) throw trouble;
      this.said.replaceChildren(notice(trouble));
    }
    this.button.disabled = false;
  }
}

function report(found) {
  const { approx_error: error, deletion, insertion, mixed } = found;
  const list = make('ul', 'trust');
  for (const { baseline, label, confidence, leans } of found.baselines) {
    const shown = t(`cover.${baseline === 'random' ? 'noise' : baseline}`);
    const values = { baseline: shown, label, share: percent(confidence[label]) };
    list.append(finding(!leans, t('trust.baseline', values)));
  }
  if (error !== null) {
    list.append(finding(error <= MOST_ERROR, t('trust.error', { share: percent(error) })));
  }
  const hurts = deletion.area < deletion.area_by_chance;
  list.append(finding(hurts, t('trust.deletion', areas(deletion)), curves(deletion)));
  const helps = insertion.area > insertion.area_by_chance;
  list.append(finding(helps, t('trust.insertion', areas(insertion)), curves(insertion)));
  const last = mixed.at(-1);
  if (last) {
    const values = { value: number(last.similarity, 2) };
    list.append(finding(last.similarity <= STILL_ALIKE, t('trust.mixed', values)));
  }
  return list;
}

const areas = ({ area, area_by_chance: chance }) => ({
  share: percent(area),
  chance: percent(chance),
});

function finding(isGood, text, ...more) {
  const item = make('li', isGood ? 'good' : 'careful');
  item.append(
    make('strong', '', isGood ? t('trust.good') : t('trust.careful')),
    ` ${text}`,
    ...more
  );
  return item;
}

/** How sure it is, from no square to all, in the map's order and in any. */
function curves({ share, confidence, confidence_by_chance: byChance }) {
  const figure = make('figure');
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawing.setAttribute('viewBox', `-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`);
  drawing.setAttribute('aria-hidden', 'true'); // The sentence says it.
  for (const [values, kind] of [
    [byChance, 'by-chance'],
    [confidence, 'by-map'],
  ]) {
    const points = values.map((one, at) => `${share[at] * WIDTH},${(1 - one) * HEIGHT}`);
    const path = document.createElementNS(drawing.namespaceURI, 'polyline');
    path.setAttribute('points', points.join(' '));
    path.setAttribute('class', kind);
    drawing.append(path);
  }
  const legend = make('figcaption');
  legend.append(make('span', 'by-map', t('trust.map')), make('span', 'by-chance', t('trust.any')));
  figure.append(drawing, legend);
  return figure;
}
