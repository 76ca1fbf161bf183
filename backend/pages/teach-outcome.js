/** What came of teaching: the film, the review, and what can be done with the classifier. */

import * as teachApi from './teach-api.js';
import { Newest } from './newest.js';
import { Film } from './teach-film.js';
import { Review } from './teach-review.js';

const OVER = ['done', 'stopped', 'failed'];

const find = (selector) => document.querySelector(selector);

export class Outcome {
  #id = '';
  #epoch = null;
  #state = '';
  #loads = new Newest();
  #frames = new Newest();

  /** `onTrouble(trouble)` hears what went wrong; `attempt(action)` does what may fail. */
  constructor({ onTrouble, attempt }) {
    this.onTrouble = onTrouble;
    this.film = new Film({ attempt });
    this.review = new Review();
  }

  /** Show what there is for a collection. */
  async load({ id, model, training, name }) {
    const isNewest = this.#loads.begin();
    this.#frames.begin(); // All of the film is asked for now.
    if (id !== this.#id) {
      this.#showNothing();
      this.#state = '';
      this.#epoch = null;
    }
    this.#id = id;
    this.#showModel(id, model, name);
    try {
      const [film, review] = await Promise.all([
        training || model ? teachApi.film(id) : null,
        model ? teachApi.review(id) : null,
      ]);
      if (!isNewest()) return;
      this.film.show(id, film);
      this.review.show(review);
      if (film) await this.#offerOthers(id, isNewest);
    } catch (trouble) {
      if (isNewest()) this.onTrouble(trouble);
    }
  }

  /** The job went on: a new lesson is a new frame, the end brings everything. */
  async hear(collection, { state, epoch, model }) {
    const over = OVER.includes(state);
    const begun = !over && (this.#state === '' || OVER.includes(this.#state));
    const ended = state !== this.#state && over && this.#state !== '';
    const another = state === 'running' && epoch !== this.#epoch;
    this.#state = state;
    this.#epoch = epoch;
    if (begun) {
      // What came of the lesson before would be read as what comes of this one.
      this.#loads.begin();
      this.#showNothing();
      this.#showModel(collection.id, null);
    }
    // After a lesson that was stopped, there is still what was taught before.
    const last = model ?? collection.model;
    if (ended) await this.load({ ...collection, model: last, training: true });
    else if (another && epoch) await this.#follow(collection.id);
  }

  #showNothing() {
    this.film.show(this.#id, null);
    this.review.show(null);
  }

  async #offerOthers(id, isNewest) {
    const { collections } = await teachApi.collections();
    if (!isNewest()) return;
    this.film.offer(collections.filter((other) => other.model && other.id !== id));
  }

  async #follow(id) {
    const isNewest = this.#frames.begin();
    try {
      const film = await teachApi.film(id);
      if (isNewest()) this.film.show(id, film, { live: true });
    } catch (trouble) {
      if (isNewest()) this.onTrouble(trouble);
    }
  }

  relabel() {
    this.film.relabel();
    this.review.relabel();
  }

  #showModel(id, model, name) {
    find('#step-use').hidden = !model;
    if (!model) return;
    find('#use-try').href = `/try?model=${encodeURIComponent(model)}`;
    find('#use-scratch').href = `/editor?${new URLSearchParams({ collection: id, title: name })}`;
    find('#use-keras').href = teachApi.modelFile(model, 'keras');
    find('#use-tflite').href = teachApi.modelFile(model, 'tflite');
    find('#use-zip').href = teachApi.zip(id, true);
  }
}
