/** What is left of a map while the weights of a network are mixed up, layer by layer. */

import { decodeNpy, mapOf } from './heat.js';
import { number, t } from './language.js';
import { PaintedMap } from './painted-map.js';
import { make } from './shell.js';

const LONG_SIDE_PX = 200;

export class MixedMaps {
  #steps;
  #maps;

  /**
   * @param found the answer of /api/sanity, with its maps
   * @param asked the `picture`, its `model`, and `learned`: the answer of /api/explain before
   */
  constructor({ mixed, maps }, { picture, model, learned }) {
    this.#steps = mixed;
    const map = mapOf(learned);
    const trained = {
      map,
      relevance: learned.relevance,
      isFlat: learned.verdict === 'flat',
    };
    const answers = [trained, ...(mixed.length ? left(decodeNpy(maps), !map) : [])];
    this.#maps = answers.map((answer) => {
      const map = new PaintedMap(LONG_SIDE_PX);
      map.canvas.removeAttribute('role');
      map.canvas.setAttribute('aria-hidden', true); // The words below say it.
      map.show(picture, model, answer);
      return map;
    });
    this.element = make('ol', 'mixed');
    this.element.append(...this.#maps.map((map, index) => this.#tile(map, index)));
  }

  #tile(map, index) {
    const tile = make('li');
    const step = this.#steps[index - 1];
    tile.append(map.canvas);
    if (!step) {
      tile.append(likeness(1), make('p', 'mixed-alike', t('trust.learned')));
      return tile;
    }
    const values = { count: step.layers, all: this.#steps.at(-1).layers };
    const alike = make('p', 'mixed-alike', t('trust.value', { value: number(step.similarity, 2) }));
    tile.append(likeness(step.similarity), alike, make('p', 'mixed-layers', t('trust.of', values)));
    return tile;
  }

  /** Paint them; each from nothing to its own strongest, as the large map. */
  paint(view) {
    for (const map of this.#maps) map.paint(view);
  }

  /** The numbers, as rows of a table. */
  rows() {
    return this.#steps.map(({ down_to: layer, layers, similarity, absolute }) => [
      layer,
      number(layers),
      number(similarity, 3),
      number(absolute, 3),
    ]);
  }
}

/** The maps one by one; without a map over the input they are squares. */
function left({ count, height, width, values }, inSquares) {
  return Array.from({ length: count }, (_, index) => {
    const part = values.subarray(index * height * width, (index + 1) * height * width);
    const rows = Array.from({ length: inSquares ? height : 0 }, (__, row) =>
      part.subarray(row * width, (row + 1) * width)
    );
    return {
      map: inSquares ? null : { height, width, values: part },
      relevance: rows,
      isFlat: false,
    };
  });
}

/** A bar, full if nothing has changed. */
function likeness(similarity) {
  const bar = make('meter');
  bar.max = 1;
  bar.value = Math.max(0, similarity);
  bar.setAttribute('aria-hidden', true); // The words below say it.
  return bar;
}
