/** The list of the classifiers on this computer. */

import * as api from './api.js';
import { t } from './language.js';
import { make, notice } from './shell.js';

const LABELS_SHOWN = 12;
const BUILT_IN = 'parade'; // comes with Peekaboo and stays

/** The labels as small tags; long lists end with "and 988 more". */
export function labelTags(labels) {
  const list = make('ul', 'labels');
  list.setAttribute('aria-label', t('models.tells'));
  for (const label of labels.slice(0, LABELS_SHOWN)) {
    const tag = make('li', 'tag', label);
    tag.dir = 'auto';
    list.append(tag);
  }
  const rest = labels.length - LABELS_SHOWN;
  if (rest > 0) list.append(make('li', '', t('models.more', { count: rest })));
  return list;
}

/** What formats are called, in every language. */
const FORMATS = { keras: 'Keras', tfjs: 'TensorFlow.js', tflite: 'TensorFlow Lite' };

/** Where a model is tried out. */
export const tryAddress = (model) => `/try?model=${encodeURIComponent(model.id)}`;

export class ModelList {
  #models = null;
  #default = null;

  constructor({ list, message, title, onDeleted }) {
    this.list = list;
    this.onDeleted = onDeleted;
    this.message = message;
    this.title = title;
    this.message.append(make('p', '', t('models.loading')));
  }

  /** Ask the server and show what it has. */
  async load() {
    try {
      const answer = await api.models();
      this.#models = answer.models;
      this.#default = answer.default;
      this.show();
    } catch (trouble) {
      if (!(trouble instanceof api.Trouble)) throw trouble;
      this.message.replaceChildren(notice(trouble));
    }
  }

  show() {
    if (!this.#models) return;
    this.message.replaceChildren();
    if (!this.#models.length) this.message.append(make('p', '', t('models.none')));
    this.list.replaceChildren(...this.#models.map((model) => this.#item(model)));
  }

  #item(model) {
    const item = make('li', 'card model');
    item.dataset.model = model.id;
    const head = make('div', 'model-head');
    const name = make('h3', '', model.name);
    name.dir = 'auto';
    head.append(name);
    if (model.id === this.#default) head.append(make('span', 'tag strong', t('models.default')));
    const { width, height } = model.input;
    const size = t('models.size', { width, height });
    const facts = make('p', 'model-facts', `${FORMATS[model.format] ?? model.format} · ${size}`);
    const actions = make('div', 'model-actions');
    this.#offer(model, actions);
    item.append(head, labelTags(model.labels), facts, actions);
    return item;
  }

  #offer(model, actions) {
    const tryIt = make('a', 'button small', t('models.try'));
    tryIt.href = tryAddress(model);
    tryIt.setAttribute('aria-label', t('models.try.named', { name: model.name }));
    const remove = make('button', 'button small quiet', t('models.delete'));
    remove.type = 'button';
    remove.setAttribute('aria-label', t('models.delete.named', { name: model.name }));
    remove.addEventListener('click', () => this.#askFirst(model, actions));
    actions.replaceChildren(...(model.id === BUILT_IN ? [tryIt] : [tryIt, remove]));
    return remove;
  }

  #askFirst(model, actions) {
    const yes = make('button', 'button small', t('models.delete.yes'));
    const no = make('button', 'button small quiet', t('models.delete.no'));
    yes.type = no.type = 'button';
    yes.addEventListener('click', () => this.#delete(model, actions));
    const keep = () => this.#offer(model, actions).focus();
    no.addEventListener('click', keep);
    actions.onkeydown = (event) => {
      if (event.key === 'Escape' && actions.contains(no)) keep();
    };
    const question = make('p', '', t('models.delete.ask', { name: model.name }));
    question.setAttribute('role', 'alert');
    actions.replaceChildren(question, yes, no);
    no.focus();
  }

  async #delete(model, actions) {
    try {
      await api.deleteModel(model.id);
    } catch (trouble) {
      if (!(trouble instanceof api.Trouble)) throw trouble;
      this.#offer(model, actions).focus();
      this.message.replaceChildren(notice(trouble));
      return;
    }
    this.onDeleted(model);
    await this.load();
    this.message.prepend(make('p', 'notice', t('models.deleted', { name: model.name })));
    this.title.focus();
  }
}
