/** A map over a picture, on a canvas. */

import { fitOf } from './fit.js';
import { cut, Scale } from './heat.js';
import { isInRegions, lay, laySquares } from './heat-lay.js';
import { paint } from './heat-paint.js';
import { make } from './shell.js';

export class PaintedMap {
  #pixels = null;
  #box = null;
  #answer = null;
  #picture = null;
  #laid = {};

  /** The canvas becomes `longSide` px long. */
  constructor(longSide) {
    this.longSide = longSide;
    this.canvas = make('canvas');
    this.canvas.setAttribute('role', 'img');
  }

  /**
   * Show the picture with this map from now on.
   * @param model `{input, fit}` as GET /api/models says
   * @param answer `map` over the model's input (`{height, width, values}`) or null where there
   *   are only squares; `relevance` of the squares; whether it `isFlat`
   */
  show(picture, { input, fit }, { map, relevance, isFlat }) {
    const factor = this.longSide / Math.max(picture.width, picture.height);
    const size = {
      width: Math.max(1, Math.round(picture.width * factor)),
      height: Math.max(1, Math.round(picture.height * factor)),
    };
    const { seen, placed } = fitOf(picture, input, fit);
    this.#box = {
      left: (seen.left * size.width) / picture.width,
      top: (seen.top * size.height) / picture.height,
      width: (seen.width * size.width) / picture.width,
      height: (seen.height * size.height) / picture.height,
    };
    this.#picture = picture;
    this.#answer = { map: map && cut(map, placed), relevance, isFlat };
    this.#laid = {};
    Object.assign(this.canvas, size);
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture.canvas, 0, 0, size.width, size.height);
    this.#pixels = context.getImageData(0, 0, size.width, size.height);
  }

  /** Paint it as `view` says (see look-view.js); gives the `Scale` that was used. */
  paint(view) {
    const { field, values } = this.#lay(view);
    const scale = new Scale(values, view, this.#answer.isFlat);
    const painted = paint(this.#pixels, field, scale, view.colours, view);
    this.canvas.getContext('2d').putImageData(painted, 0, 0);
    return scale;
  }

  /** Lay the map, or remember it; sliders leave it where it lies. */
  #lay({ type, resampling }) {
    const way = `${type === 'regions'} ${resampling}`;
    if (this.#laid.way !== way) {
      const { map, relevance } = this.#answer;
      const isWhole = map && (type !== 'regions' || isInRegions(map));
      const field = isWhole
        ? lay(map, this.#box, this.canvas, resampling)
        : laySquares(relevance, this.#box, this.canvas, this.#picture);
      const values = isWhole ? map.values : field.filter((value) => !Number.isNaN(value));
      this.#laid = { way, field, values };
    }
    return this.#laid;
  }
}
