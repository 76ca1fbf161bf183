/** What the smallest peek found: how few squares are enough, and how few change the answer. */

import { number, percent, t } from './language.js';
import { plot } from './sureness.js';

/** In words; `answer` is that of /api/explain. */
export function peekSentence({ target: label, rows, columns, facts }) {
  const { suffices, flips, suffices_curve: shown, flips_curve: covered } = facts;
  const said = [t('look.not_enough', { label })];
  if (suffices) {
    const share = percent(shown.at(-1).confidence);
    const values = { label, count: suffices.length, all: rows * columns, share };
    said[0] = t('look.enough', values);
  }
  if (flips) said.push(t('look.flips', { other: covered.at(-1).label, count: flips.length }));
  return said.join(' ');
}

/** As a plot: how sure it is while squares are shown, and while they are covered. */
export function peekPlot({ facts }) {
  const most = Math.max(facts.flips_curve.length, facts.suffices_curve.length, 2) - 1;
  const line = (kind, curve, name) => ({
    kind,
    name,
    share: curve.map((_, index) => index / most),
    values: curve.map(({ confidence }) => confidence),
  });
  return plot(
    [
      line('by-chance', facts.flips_curve, t('trust.covered')),
      line('by-map', facts.suffices_curve, t('trust.shown')),
    ],
    t('look.squares', { most: number(most) })
  );
}
