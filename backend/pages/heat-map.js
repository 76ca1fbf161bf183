/** A map over a picture with its colour bar, painted in the browser. */

import { Grid, layOver } from './grid.js';
import { mapOf } from './heat.js';
import { bar } from './heat-paint.js';
import { number, t } from './language.js';
import { PaintedMap } from './painted-map.js';
import { make } from './shell.js';

const LONG_SIDE_PX = 640;
const BAR_PX = 512;
const MOST_DIGITS = 12;
const LEAST_LETTERS_PX = 14;

export class HeatMap {
  #map = new PaintedMap(LONG_SIDE_PX);
  #scale = null;
  #most = null; // box of a square in pixels of the canvas

  constructor() {
    this.canvas = this.#map.canvas;
    this.bar = make('canvas', 'look-bar');
    this.bar.setAttribute('aria-hidden', true);
    this.numbers = make('p', 'look-numbers');
    this.unit = make('p', 'look-unit');
    this.unit.dir = 'auto'; // The bar runs from left to right in every language.
    this.frame = make('i', 'look-most');
    const sheet = make('div', 'look-sheet');
    sheet.append(this.canvas, this.frame);
    this.element = make('div', 'look-map');
    this.element.append(sheet, this.bar, this.numbers, this.unit);
  }

  /** Lay the answer of /api/explain over the picture; `model` as GET /api/models says. */
  lay(picture, model, answer) {
    const { relevance, verdict } = answer;
    this.#map.show(picture, model, { map: mapOf(answer), relevance, isFlat: verdict === 'flat' });
    this.#frame(answer);
  }

  /** Frame the square that matters most: colours may be hard to tell, above all in grey print. */
  #frame({ most_relevant: most, relevance }) {
    const { width, height } = this.canvas;
    const grid = new Grid(relevance.length, relevance[0].length, { width, height });
    this.#most = most && grid.box(most.row, most.column);
    this.frame.hidden = !most;
    if (most) layOver(this.frame, this.#most, this.canvas);
  }

  /** Paint it; `view` as look-view.js gives it. */
  paint(view) {
    this.#scale = this.#map.paint(view);
    this.bar.hidden = this.numbers.hidden = this.unit.hidden = !this.#scale.fullAt;
    this.bar.width = BAR_PX;
    this.bar.height = 1;
    this.bar.getContext('2d').putImageData(bar(this.#scale, view.colours, BAR_PX), 0, 0);
    this.#writeNumbers();
  }

  #writeNumbers() {
    const { ends, fullAt, clipped } = this.#scale;
    const digits = Math.max(0, 2 - Math.floor(Math.log10(fullAt || 1)));
    const texts = [ends[0], (ends[0] + ends[1]) / 2, ends[1]].map((value, index) => {
      const text = number(value, Math.min(digits, MOST_DIGITS));
      return index !== 1 && value && clipped ? t('look.beyond', { value: text }) : text;
    });
    this.numbers.replaceChildren(...texts.map((text) => make('span', '', text)));
  }

  /** Say for screen readers what is to be seen, and write numbers in the language in use. */
  relabel(sentence, unit) {
    this.canvas.setAttribute('aria-label', sentence);
    this.unit.textContent = unit;
    this.#writeNumbers();
  }

  /** Map and bar as one picture (canvas) with a caption. */
  drawing(caption) {
    const sheet = document.createElement('canvas');
    const context = sheet.getContext('2d');
    const { width, height } = this.canvas;
    const letters = Math.max(LEAST_LETTERS_PX, Math.round(width / 36));
    sheet.width = width;
    sheet.height = height + 6 * letters;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, sheet.height);
    context.drawImage(this.canvas, 0, 0);
    if (this.#most) strokeBox(context, this.#most);
    context.fillStyle = 'black';
    context.font = `${letters}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.fillText(caption, width / 2, height + 5 * letters, width - 20);
    if (this.bar.hidden) return sheet;
    context.drawImage(this.bar, 10, height + letters, width - 20, letters);
    const at = { left: 10, center: width / 2, right: width - 10 };
    Object.entries(at).forEach(([align, x], index) => {
      context.textAlign = align;
      context.fillText(this.numbers.children[index].textContent, x, height + 3.3 * letters);
    });
    return sheet;
  }
}

/** As `.look-most` looks on the page. */
function strokeBox(context, { left, top, right, bottom }) {
  for (const [colour, width] of [
    ['#211d3b', 6],
    ['#ffc53d', 3],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(left, top, right - left, bottom - top);
  }
}
