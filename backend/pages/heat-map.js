/** A map over a picture with its colour bar, painted in the browser. */

import { fitOf } from './fit.js';
import { bar, cut, decodeNpy, lay, laySquares, paint, Scale } from './heat.js';
import { number, t } from './language.js';
import { make } from './shell.js';

const LONG_SIDE_PX = 640;
const BAR_PX = 512;
const MOST_DIGITS = 12;

export class HeatMap {
  #field = null;
  #values = null;
  #scale = null;
  #pixels = null;
  #result = null;

  constructor() {
    this.canvas = make('canvas');
    this.canvas.setAttribute('role', 'img');
    this.bar = make('canvas', 'look-bar');
    this.bar.setAttribute('aria-hidden', true);
    this.numbers = make('p', 'look-numbers');
    this.unit = make('p', 'look-unit');
    this.element = make('div', 'look-map');
    this.element.append(this.canvas, this.bar, this.numbers, this.unit);
  }

  /**
   * Lay the answer of /api/explain over the picture.
   * @param model `{input, fit}` as GET /api/models says
   */
  lay(picture, { input, fit }, result) {
    const factor = LONG_SIDE_PX / Math.max(picture.width, picture.height);
    const size = {
      width: Math.max(1, Math.round(picture.width * factor)),
      height: Math.max(1, Math.round(picture.height * factor)),
    };
    const { seen, placed } = fitOf(picture, input, fit);
    const box = {
      left: (seen.left * size.width) / picture.width,
      top: (seen.top * size.height) / picture.height,
      width: (seen.width * size.width) / picture.width,
      height: (seen.height * size.height) / picture.height,
    };
    this.#result = result;
    if (result.raw) {
      const map = cut(decodeNpy(result.raw), placed);
      this.#values = map.values;
      this.#field = lay(map, box, size);
    } else {
      this.#field = laySquares(result.relevance, box, size);
      this.#values = this.#field.filter((value) => !Number.isNaN(value));
    }
    Object.assign(this.canvas, size);
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture.canvas, 0, 0, size.width, size.height);
    this.#pixels = context.getImageData(0, 0, size.width, size.height);
  }

  /** Paint it; `view` has `polarity`, `hide`, `colours`, `opacity` and `grey`. */
  paint(view) {
    const flat = this.#result.verdict === 'flat';
    this.#scale = new Scale(this.#values, view.polarity, view.hide, flat);
    const painted = paint(this.#pixels, this.#field, this.#scale, view.colours, view);
    this.canvas.getContext('2d').putImageData(painted, 0, 0);
    this.bar.hidden = this.numbers.hidden = !this.#scale.fullAt;
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
    this.unit.textContent = this.#result.unit;
  }

  /** Say for screen readers what is to be seen, and write numbers in the language in use. */
  relabel(sentence) {
    this.canvas.setAttribute('aria-label', sentence);
    this.#writeNumbers();
  }

  /** Map and bar as one picture (canvas) with a caption. */
  drawing(caption) {
    const sheet = document.createElement('canvas');
    const context = sheet.getContext('2d');
    const { width, height } = this.canvas;
    const letters = Math.round(width / 36);
    sheet.width = width;
    sheet.height = height + 6 * letters;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, sheet.height);
    context.drawImage(this.canvas, 0, 0);
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
