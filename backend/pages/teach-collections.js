/** Which collection is on show, and what can be done with a whole one. */

import * as teachApi from './teach-api.js';
import { t } from './language.js';
import { make } from './shell.js';

/** What a collection is called, `{name, named}`. */
export const nameOf = ({ name, named }) => (named ? name : t('teach.collection.unnamed'));

const find = (selector) => document.querySelector(selector);

export class Collections {
  #all = [];
  #default = '';

  /** `onChosen(id)`, `onFile(files)`; `attempt(action)` does what may fail. */
  constructor({ onChosen, onFile, attempt }) {
    this.select = find('#collection');
    this.attempt = attempt;
    this.onChosen = onChosen;
    this.select.addEventListener('change', () => attempt(() => this.#choose(this.chosen)));
    find('#collection-name').addEventListener('change', () => this.#rename());
    // A double click is meant as one.
    find('#collection-new').addEventListener('click', ({ detail }) => {
      if (detail < 2) this.#add();
    });
    find('#collection-delete').addEventListener('click', () => this.#askFirst());
    const more = find('.collection details');
    more.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      more.open = false;
      more.querySelector('summary').focus();
    });
    // Before what is clicked hears of it: some of what is in there goes away by that.
    const close = ({ target }) => (more.open &&= more.contains(target));
    document.addEventListener('click', close, { capture: true });
    find('#import').addEventListener('click', () => find('#import-input').click());
    find('#import-input').addEventListener('change', (event) => {
      onFile([...event.target.files]);
      event.target.value = '';
    });
  }

  get chosen() {
    return this.select.value;
  }

  set chosen(id) {
    this.select.value = id;
    this.relabel();
  }

  /** Ask which there are; `chosen` is shown, or the one that always exists. */
  async load(chosen = this.chosen) {
    const { collections, default: first } = await teachApi.collections();
    this.#all = collections;
    this.#default = first;
    this.select.replaceChildren(...collections.map((one) => new Option(nameOf(one), one.id)));
    this.chosen = collections.some(({ id }) => id === chosen) ? chosen : first;
  }

  relabel() {
    this.#all.forEach((one, at) => (this.select.options[at].text = nameOf(one)));
    find('#collection-name').value = this.select.selectedOptions[0]?.text ?? '';
    find('#collection-delete').hidden = this.chosen === this.#default;
    find('#collection-ask').replaceChildren();
  }

  async #choose(id) {
    this.relabel();
    await this.onChosen(id);
  }

  #rename() {
    const name = find('#collection-name').value.trim();
    this.attempt(async () => {
      if (name) await teachApi.renameCollection(this.chosen, name);
      await this.load();
    });
  }

  #add() {
    const name = t('teach.collection.number', { number: this.#all.length + 1 });
    const field = find('#collection-name');
    field.disabled = true; // What is typed meanwhile would rename the one before.
    this.attempt(async () => {
      try {
        const { id } = await teachApi.addCollection(name);
        await this.load(id);
        await this.#choose(id);
      } finally {
        field.disabled = false;
      }
      field.select();
    });
  }

  #askFirst() {
    const name = this.select.selectedOptions[0].text;
    const question = make('p', '', t('teach.collection.ask', { name }));
    question.setAttribute('role', 'alert');
    const yes = make('button', 'button small', t('models.delete.yes'));
    const no = make('button', 'button small quiet', t('models.delete.no'));
    yes.type = no.type = 'button';
    yes.addEventListener('click', () => this.#delete());
    no.addEventListener('click', () => {
      find('#collection-ask').replaceChildren();
      find('#collection-delete').focus();
    });
    find('#collection-ask').replaceChildren(question, yes, no);
    no.focus();
  }

  #delete() {
    this.attempt(async () => {
      await teachApi.deleteCollection(this.chosen);
      await this.load(this.#default);
      await this.#choose(this.chosen);
      this.select.focus();
    });
  }
}
