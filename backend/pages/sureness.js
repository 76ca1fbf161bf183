/** A plot: how sure a classifier is while squares are covered or shown, one after the other. */

import { percent, t } from './language.js';
import { make } from './shell.js';

const WIDTH = 220;
const HEIGHT = 84;
const LEFT = 46;
const LETTERS = 13;

const drawn = (name, attributes, text = '') => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

/**
 * @param curve `share` of the squares, `confidence` in the map's order and `…_by_chance`
 * @param across what is counted from left to right
 */
export function sureness({ share, confidence, confidence_by_chance: byChance }, across) {
  const lines = [
    { kind: 'by-chance', name: t('trust.any'), share, values: byChance },
    { kind: 'by-map', name: t('trust.map'), share, values: confidence },
  ];
  return plot(lines, across);
}

/** Lines `{kind, name, share, values}`, all from 0 to 1. */
export function plot(lines, across) {
  const drawing = drawn('svg', { viewBox: `${-LEFT} -8 ${LEFT + WIDTH + 12} ${HEIGHT + 40}` });
  drawing.setAttribute('aria-hidden', 'true'); // The sentence says it.
  for (const level of [0, 0.5, 1]) {
    const y = (1 - level) * HEIGHT;
    drawing.append(
      drawn('line', { x1: 0, x2: WIDTH, y1: y, y2: y }),
      drawn('text', { x: -5, y: y + 4, 'text-anchor': 'end' }, percent(level))
    );
  }
  drawing.append(
    drawn('text', { x: WIDTH / 2, y: HEIGHT + 1.7 * LETTERS, 'text-anchor': 'middle' }, across)
  );
  const legend = make('figcaption');
  for (const { kind, name, share, values } of lines) {
    const points = values.map((one, at) => `${share[at] * WIDTH},${(1 - one) * HEIGHT}`);
    drawing.append(drawn('polyline', { points: points.join(' '), class: kind }));
    legend.prepend(make('span', kind, name));
  }
  const figure = make('figure', 'sureness');
  figure.append(drawing, legend);
  return figure;
}
