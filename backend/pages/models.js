/** The list of the classifiers on this computer. */

import * as api from './api.js';
import { t } from './language.js';
import { make, notice } from './shell.js';

const LABELS_SHOWN = 12;
const BUILT_IN = 'parade'; // comes with Peekaboo and stays
const LONGEST_NAME = 60;

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

function button(words, act) {
  const made = make('button', 'button small quiet', t(words));
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

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
    const rename = button('models.rename', () => this.#askName(model, actions));
    rename.setAttribute('aria-label', t('models.rename.named', { name: model.name }));
    rename.classList.add('model-rename');
    const remove = button('models.delete', () => this.#askFirst(model, actions));
    remove.setAttribute('aria-label', t('models.delete.named', { name: model.name }));
    actions.replaceChildren(...(model.id === BUILT_IN ? [tryIt] : [tryIt, rename, remove]));
    return { rename, remove };
  }

  #askName(model, actions) {
    const form = make('form', 'model-name');
    const field = make('input', 'lone');
    Object.assign(field, { value: model.name, maxLength: LONGEST_NAME, autocomplete: 'off' });
    Object.assign(field, { dir: 'auto', required: true });
    field.setAttribute('aria-label', t('models.rename.named', { name: model.name }));
    const keep = () => this.#offer(model, actions).rename.focus();
    const save = make('button', 'button small', t('models.rename.save'));
    form.append(field, save, button('models.rename.keep', keep));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#rename(model, field.value.trim() || model.name, actions);
    };
    this.#question(actions, keep, form);
    field.select();
  }

  #askFirst(model, actions) {
    const yes = make('button', 'button small', t('models.delete.yes'));
    yes.type = 'button';
    yes.addEventListener('click', () => this.#delete(model, actions));
    const keep = () => this.#offer(model, actions).remove.focus();
    const no = button('models.delete.no', keep);
    const question = make('p', '', t('models.delete.ask', { name: model.name }));
    question.setAttribute('role', 'alert');
    this.#question(actions, keep, question, yes, no);
    no.focus();
  }

  /** Ask in place of the buttons; the key Escape leaves everything as it is. */
  #question(actions, keep, ...parts) {
    actions.replaceChildren(...parts);
    actions.onkeydown = (event) => {
      if (event.key === 'Escape' && actions.contains(parts[0])) keep();
    };
  }

  /** Whether it could be done; if not, that is said, and the buttons are back. */
  async #done(work, model, actions, focused) {
    try {
      await work;
    } catch (trouble) {
      if (!(trouble instanceof api.Trouble)) throw trouble;
      this.#offer(model, actions)[focused].focus();
      this.message.replaceChildren(notice(trouble));
      return false;
    }
    return true;
  }

  async #rename(model, name, actions) {
    if (!(await this.#done(api.renameModel(model.id, name), model, actions, 'rename'))) return;
    await this.load();
    this.list.querySelector(`[data-model="${model.id}"] .model-rename`)?.focus();
  }

  async #delete(model, actions) {
    if (!(await this.#done(api.deleteModel(model.id), model, actions, 'remove'))) return;
    this.onDeleted(model);
    await this.load();
    this.message.prepend(make('p', 'notice', t('models.deleted', { name: model.name })));
    this.title.focus();
  }
}
