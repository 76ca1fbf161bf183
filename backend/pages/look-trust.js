/** "Can I trust this map?": the checks of /api/sanity in plain words, with their pictures. */

import * as api from './api.js';
import { number, percent, t } from './language.js';
import { MixedMaps } from './look-mixed.js';
import { smallButton } from './look-status.js';
import { make, notice } from './shell.js';
import { emptyPicture } from './swatches.js';
import { sureness } from './sureness.js';
import { table } from './table.js';

/** As in the server: a map this much like the trained one does not depend on what was learned. */
const STILL_ALIKE = 0.5;
const MOST_ERROR = 0.05;

/** The `button` below a map, and the `element` that says what was found when it was clicked. */
export class Trust {
  #found = null;
  #question = null;
  #mixed = null;
  #asking = new AbortController();

  /**
   * `question()` gives what is asked: `{picture, model, settings, learned, references}`; `view()` as
   * painted.
   */
  constructor(question, view) {
    this.question = question;
    this.view = view;
    this.button = smallButton(
      () => t('trust.ask'),
      () => this.#check()
    );
    this.element = make('div', 'look-trusted');
    this.live = make('p', 'only-read-aloud');
    this.live.setAttribute('role', 'status');
  }

  /** Another map will come, which can be checked or not. */
  begin(isPossible) {
    this.#asking.abort();
    this.button.hidden = !isPossible;
    this.#found = this.#mixed = null;
    this.element.replaceChildren();
    this.live.textContent = '';
  }

  /** Write what was found in the language in use. */
  relabel() {
    if (this.#found) this.#say();
  }

  /** Paint the maps as the large one is painted. */
  paint() {
    this.#mixed?.paint(this.view());
  }

  async #check() {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const share = this.#working();
    this.#question = this.question();
    const { picture, settings, references } = this.#question;
    try {
      const onProgress = (done) => (share.value = done);
      const asked = { ...settings, raw: true };
      const found = await api.sanity(picture.pixels(), asked, { signal, onProgress, references });
      if (signal.aborted) return;
      this.#found = found;
      const wasHere = this.element.contains(document.activeElement);
      this.#say();
      this.live.textContent = this.element.querySelector('.trust-summary').textContent;
      if (wasHere) this.element.querySelector('.trust-title').focus();
    } catch (trouble) {
      if (signal.aborted) return;
      if (!(trouble instanceof api.Trouble)) throw trouble;
      this.element.replaceChildren(notice(trouble));
      this.button.hidden = false;
    }
  }

  #working() {
    const share = make('progress');
    share.setAttribute('aria-label', t('trust.working'));
    const stop = smallButton(
      () => t('look.stop'),
      () => {
        this.begin(true);
        this.button.focus();
      }
    );
    this.element.replaceChildren(make('p', '', t('trust.working')), share, stop);
    this.live.textContent = t('trust.working');
    this.button.hidden = true;
    stop.focus();
    return share;
  }

  #say() {
    this.#mixed = new MixedMaps(this.#found, this.#question);
    this.element.replaceChildren(report(this.#found, this.#mixed));
    this.paint();
  }
}

function report(found, mixed) {
  const checks = [nothing(found), parts(found), ...orders(found), fallingApart(found, mixed)];
  const list = make('ol', 'trust-checks');
  list.append(...checks.filter(Boolean));
  const [good, careful] = ['good', 'careful'].map(
    (kind) => list.querySelectorAll(`:scope > .${kind}`).length
  );
  const section = make('section', 'trust');
  const title = make('h3', 'trust-title', t('trust.ask'));
  title.tabIndex = -1; // So that reading goes on here when the checks are done.
  section.append(
    title,
    make('p', 'trust-summary', t('trust.summary', { good, careful })),
    list,
    numbers(found, mixed)
  );
  return section;
}

function finding(key, isGood, text, ...more) {
  const item = make('li', isGood ? 'good' : 'careful');
  item.dataset.check = key.split('.')[1];
  const title = make('h4', '', t(key));
  const badge = make('span', 'badge', isGood ? t('trust.good') : t('trust.careful'));
  item.append(badge, title, make('p', '', text), ...more);
  return item;
}

/** A check that this classifier does not allow. */
function unchecked(key, text) {
  const item = finding(key, false, text);
  item.className = 'unchecked';
  item.querySelector('.badge').textContent = t('trust.unchecked');
  return item;
}

function nothing({ baselines }) {
  const isGood = !baselines.some(({ leans }) => leans);
  const list = make('ul', 'baselines');
  for (const { baseline, label, confidence, leans } of baselines) {
    const item = make('li', leans ? 'careful' : '');
    const share = percent(confidence[label]);
    const name = t(`baseline.${baseline}`);
    const words = make('span', '', t('trust.baseline', { label, share }));
    const kind = make('span', 'only-read-aloud', `${name}: `);
    item.append(emptyPicture(baseline, name), kind, words);
    list.append(item);
  }
  return finding(
    'trust.nothing',
    isGood,
    t(isGood ? 'trust.nothing.good' : 'trust.nothing.bad'),
    list
  );
}

function parts({ approx_error: error }) {
  if (error === null) return null;
  const isGood = error <= MOST_ERROR;
  const text = t('trust.error', { share: percent(error) });
  return finding('trust.parts', isGood, isGood ? text : `${text} ${t('trust.error.advice')}`);
}

function orders({ target: label, deletion, insertion, blurred_is_enough: isDull }) {
  const hurts = deletion.area < deletion.area_by_chance;
  const helps = insertion.area > insertion.area_by_chance;
  const areas = ({ area, area_by_chance: chance }) => ({
    share: percent(area),
    chance: percent(chance),
  });
  const covering = t(hurts ? 'trust.deletion.good' : 'trust.deletion.bad', areas(deletion));
  const showing = t(helps ? 'trust.insertion.good' : 'trust.insertion.bad', areas(insertion));
  const share = percent(insertion.confidence[0]);
  const dull = isDull ? [make('p', 'trust-why', t('trust.blurred', { label, share }))] : [];
  const covered = sureness(deletion, t('trust.covered'));
  return [
    finding('trust.deletion', hurts && !isDull, covering, ...dull, covered),
    finding('trust.insertion', helps && !isDull, showing, sureness(insertion, t('trust.shown'))),
  ];
}

function fallingApart({ mixed: steps }, mixed) {
  if (!steps.length) return unchecked('trust.mixed', t('trust.mixed.cannot'));
  const { similarity } = steps.at(-1);
  const isGood = similarity <= STILL_ALIKE;
  const text = t(isGood ? 'trust.mixed.good' : 'trust.mixed.bad', { value: number(similarity, 2) });
  const item = finding('trust.mixed', isGood, text, mixed.element);
  item.querySelector('p').before(make('p', 'trust-why', t('trust.mixed.why')));
  return item;
}

/** For those who want them: all numbers, as tables. */
function numbers({ baselines, mixed }, maps) {
  const details = make('details', 'trust-numbers');
  const labels = Object.keys(baselines[0].confidence);
  const answers = baselines.map(({ baseline, confidence }) => [
    t(`baseline.${baseline}`),
    ...labels.map((label) => percent(confidence[label])),
  ]);
  details.append(
    make('summary', '', t('trust.numbers')),
    table(t('trust.nothing'), ['', ...labels], answers)
  );
  if (mixed.length) {
    const heads = ['trust.layer', 'trust.layers', 'trust.alike', 'trust.absolute'];
    details.append(
      table(
        t('trust.mixed'),
        heads.map((key) => t(key)),
        maps.rows()
      )
    );
  }
  return details;
}
