/** What the classifier says: the winner, and a bar for each of the likeliest labels. */

import { percent, t } from './language.js';
import { make } from './shell.js';

const BARS_SHOWN = 6;

export class Answer {
  #before = null;
  #now = null;

  constructor({ winner, sure, bars }) {
    this.winner = winner;
    this.sure = sure;
    this.bars = bars;
  }

  /**
   * Show two answers of /api/classify: `now`, compared with `before` (of the uncovered picture).
   * Bars keep the order of `before`, so that they do not jump while squares are covered.
   */
  show(before, now = before) {
    this.#before = before;
    this.#now = now;
    this.winner.textContent = now.label;
    this.sure.textContent = percent(now.confidence);
    const rows = this.#shownLabels().map((label) => this.#bar(label));
    this.bars.replaceChildren(...rows.map(({ row }) => row), ...this.#rest());
    // One frame later, so that the bars are seen growing from where they were.
    requestAnimationFrame(() => rows.forEach(({ grow }) => grow()));
  }

  /** There is no answer. */
  clear() {
    this.#before = this.#now = null;
    this.winner.textContent = this.sure.textContent = '';
    this.bars.replaceChildren();
  }

  /** Show the same again, in the language that was just chosen. */
  refresh() {
    if (this.#before) this.show(this.#before, this.#now);
  }

  #shownLabels() {
    const labels = this.#before.predictions.map((prediction) => prediction.label);
    const shown = labels.slice(0, BARS_SHOWN);
    if (!shown.includes(this.#now.label)) shown.push(this.#now.label);
    return shown;
  }

  #rest() {
    const shown = this.#shownLabels();
    const rest = this.#now.predictions.filter(({ label }) => !shown.includes(label));
    if (!rest.length) return [];
    const share = rest.reduce((sum, { confidence }) => sum + confidence, 0);
    return [make('li', 'rest', t('answer.rest', { count: rest.length, percent: percent(share) }))];
  }

  #bar(label) {
    const now = confidenceOf(this.#now, label);
    const before = confidenceOf(this.#before, label);
    const changed = this.#now !== this.#before;
    const row = make('li', label === this.#before.label ? 'bar explained' : 'bar');
    row.dataset.label = label;
    const name = make('span', 'name', label);
    name.dir = 'auto';
    name.title = label;
    const share = make('span', 'share');
    if (changed && percent(before) !== percent(now)) {
      const was = make('s');
      was.append(make('span', 'only-read-aloud', `${t('answer.before')} `), percent(before));
      share.append(was, ' ');
    }
    share.append(make('span', 'now', percent(now)));
    const track = make('span', 'track');
    const fill = make('span', 'fill');
    fill.style.inlineSize = `${100 * before}%`;
    track.append(fill);
    if (changed) {
      const was = make('span', 'was');
      was.style.inlineSize = `${100 * before}%`;
      track.append(was);
    }
    row.append(name, share, track);
    return { row, grow: () => (fill.style.inlineSize = `${100 * now}%`) };
  }
}

/** The confidence 0..1 of one label in an answer of /api/classify. */
export function confidenceOf(answer, label) {
  return answer.predictions.find((prediction) => prediction.label === label).confidence;
}
