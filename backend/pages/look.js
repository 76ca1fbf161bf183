/** One look at the picture: a classifier, a method, a label, and the map that they give. */

import * as api from './api.js';
import { decodeNpy } from './heat.js';
import { HeatMap } from './heat-map.js';
import { save } from './keeping.js';
import { hasText, number, percent, t } from './language.js';
import { Trust } from './look-trust.js';
import { mosaic } from './mosaic.js';
import { SettingsForm } from './settings-form.js';
import { make, notice } from './shell.js';
import { labelled, writeAgain, written } from './written.js';

const GRID = { rows: 6, columns: 8 };

export class Look {
  #asking = new AbortController();
  #methods = [];
  #layers = [];
  #form = null;
  #picture = null;

  /**
   * @param models as GET /api/models lists them
   * @param wanted `{model, method}`
   * @param handlers `view()` how to paint, `tiles()` colours for feature maps, `onRemove(look)`
   */
  constructor(models, wanted, handlers) {
    this.models = models;
    this.handlers = handlers;
    this.result = null;
    this.element = make('li', 'card look');
    this.#build();
    this.model.append(...models.map(({ id, name }) => new Option(name, id)));
    this.model.value = wanted.model;
    this.model.addEventListener('change', () => this.#chooseModel(this.method.value));
    this.method.addEventListener('change', () => this.#chooseMethod());
    this.target.addEventListener('change', () => this.ask());
    /** What the menu of methods will show as soon as it is filled. */
    this.firstMethod = wanted.method;
    this.ready = this.#chooseModel(wanted.method);
  }

  #build() {
    this.model = make('select');
    this.method = make('select');
    this.target = make('select');
    this.purpose = make('p', 'look-purpose');
    this.map = new HeatMap();
    this.status = make('div', 'look-status');
    this.status.setAttribute('aria-live', 'polite');
    this.details = make('details', 'look-details');
    this.save = this.#button(
      () => t('look.save'),
      () => this.#savePng()
    );
    this.trust = new Trust(() => ({
      pixels: this.#picture.pixels(),
      settings: this.#settings(),
      signal: this.#asking.signal,
    }));
    this.remove = this.#button(
      () => t('look.remove'),
      () => this.handlers.onRemove(this)
    );
    const choices = make('div', 'look-choices-row');
    choices.append(
      labelled(() => t('look.method'), this.method),
      labelled(() => t('answer.classifier'), this.model),
      labelled(() => t('look.label'), this.target)
    );
    const actions = make('div', 'row');
    actions.append(this.save, this.remove);
    this.element.append(
      choices,
      this.purpose,
      this.map.element,
      this.status,
      this.details,
      actions,
      this.trust.element
    );
  }

  #button(write, onClick) {
    const button = written(make('button', 'button small quiet'), write);
    button.type = 'button';
    button.addEventListener('click', onClick);
    return button;
  }

  get #chosenModel() {
    return this.models.find(({ id }) => id === this.model.value);
  }

  get #chosenMethod() {
    return this.#methods.find(({ name }) => name === this.method.value);
  }

  /** The method's title, for headings. */
  get title() {
    return this.#chosenMethod?.title ?? '';
  }

  async #chooseModel(method) {
    const { id, labels } = this.#chosenModel;
    const kept = labels.includes(this.target.value) ? this.target.value : '';
    this.target.replaceChildren(new Option(t('look.winner'), ''));
    this.target.append(...labels.map((label) => new Option(label, label)));
    this.target.value = kept;
    try {
      const answer = await api.methods(id);
      if (id !== this.model.value) return; // Another one was chosen meanwhile.
      this.#methods = answer.methods;
      this.#layers = answer.layers;
    } catch (trouble) {
      this.#fail(trouble, () => this.#chooseModel(method));
      return;
    }
    const possible = this.#methods.find(({ name }) => name === method)?.available
      ? method
      : this.#methods.find(({ available }) => available).name;
    this.#listMethods(possible);
    this.#chooseMethod();
  }

  #listMethods(chosen) {
    const options = this.#methods.map(({ name, title, available, reason }) => {
      const option = new Option(available ? title : t('look.unavailable', { name: title }), name);
      option.disabled = !available;
      option.title = reason ?? '';
      return option;
    });
    this.method.replaceChildren(...options);
    this.method.value = chosen;
  }

  #chooseMethod() {
    this.#form = new SettingsForm(this.#chosenMethod.settings, this.#layers, () => this.ask());
    const summary = written(make('summary'), () => t('look.settings'));
    this.details.replaceChildren(summary, this.#form.element);
    this.details.hidden = !this.#chosenMethod.settings.length;
    this.target.disabled = !this.#chosenMethod.needs_target;
    this.relabel();
    this.ask();
  }

  /** Show another picture. */
  show(picture) {
    this.#picture = picture;
    this.ask();
  }

  /** Ask the server for the map, with the choices as they are. */
  async ask() {
    if (!this.#picture || !this.#form) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.result = null;
    this.trust.begin(this.#chosenModel.gradients && this.#chosenMethod.needs_target);
    this.#working();
    try {
      const settings = { ...this.#settings(), raw: true };
      const listener = { signal, onProgress: (share) => this.#progress(share) };
      const result = await api.explain(this.#picture.pixels(), settings, listener);
      if (signal.aborted) return;
      this.result = result;
      this.map.lay(this.#picture, this.#chosenModel, result);
      this.paint();
      this.#say();
    } catch (trouble) {
      if (!signal.aborted) this.#fail(trouble);
    }
  }

  #settings() {
    return {
      model: this.model.value,
      method: this.method.value,
      ...GRID,
      ...(this.target.value && { target: this.target.value }),
      ...this.#form.values(),
    };
  }

  #working() {
    this.element.dataset.state = 'working';
    const spinner = make('span', 'spinner');
    spinner.append(make('i'), make('i'), make('i'));
    this.share = make('progress');
    this.share.max = 1;
    this.share.hidden = true;
    this.share.setAttribute('aria-label', t('look.working'));
    const stop = this.#button(
      () => t('look.stop'),
      () => this.#stop()
    );
    this.status.replaceChildren(spinner, make('p', '', t('look.working')), this.share, stop);
  }

  #progress(share) {
    this.share.hidden = false;
    this.share.value = share;
  }

  #stop() {
    this.#asking.abort();
    this.element.dataset.state = 'stopped';
    const again = this.#button(
      () => t('look.again'),
      () => this.ask()
    );
    this.status.replaceChildren(make('p', '', t('look.stopped')), again);
    again.focus();
  }

  #fail(trouble, again = () => this.ask()) {
    if (!(trouble instanceof api.Trouble)) throw trouble;
    this.element.dataset.state = 'failed';
    const button = this.#button(() => t('look.again'), again);
    this.status.replaceChildren(notice(trouble), button);
  }

  #say() {
    this.element.dataset.state = 'ready';
    const said = make('p', 'look-said', this.sentence());
    const warnings = this.result.warnings.map((warning) => make('li', '', warning));
    const list = make('ul', 'look-warnings');
    list.append(...warnings);
    this.status.replaceChildren(said, ...(warnings.length ? [list] : []), ...this.#channels());
    this.relabel();
  }

  #channels() {
    const { maps, facts } = this.result;
    if (!maps || !facts.channels) return [];
    return [mosaic(decodeNpy(maps), facts.channels, this.handlers.tiles())];
  }

  /** What was found, in one sentence. */
  sentence() {
    const { target: label, most_relevant: most } = this.result;
    if (!most) return t('look.flat', { label });
    const at = { label, row: most.row + 1, column: most.column + 1 };
    return this.#chosenMethod.needs_target ? t('look.most', at) : t('look.active', at);
  }

  /** Write all texts in the language in use. */
  relabel() {
    const method = this.#chosenMethod;
    if (!method) return;
    const words = `method.${method.name}`;
    this.purpose.textContent = hasText(words) ? t(words) : method.purpose;
    this.target.options[0].textContent = t('look.winner');
    writeAgain(this.element);
    this.trust.relabel();
    const named = { name: method.title };
    this.remove.setAttribute('aria-label', t('look.remove.named', named));
    this.save.setAttribute('aria-label', t('look.save.named', named));
    if (this.element.dataset.state !== 'ready') return;
    this.status.firstElementChild.textContent = this.sentence();
    this.map.relabel(`${method.title}. ${this.sentence()}`, this.result.unit);
  }

  /** Map and colour bar as one picture (canvas), for keeping. */
  drawing() {
    return this.map.drawing(`${this.title} · ${this.result.target} · ${this.result.unit}`);
  }

  /** Paint the map again, with the page's sliders as they are. */
  paint() {
    if (this.result) this.map.paint(this.handlers.view());
  }

  async #savePng() {
    if (!this.result) return;
    const blob = await new Promise((done) => this.drawing().toBlob(done, 'image/png'));
    save(blob, `${this.method.value}-${this.result.target}.png`);
  }

  /** For the report: what was asked and answered. */
  facts() {
    const { example_score: score, approx_error: error, settings, seconds } = this.result;
    const facts = { [t('answer.classifier')]: this.#chosenModel.name };
    facts[t('look.label')] = this.result.target;
    facts[t('look.score')] = number(score, 3);
    if (error !== null && error !== undefined) facts[t('look.error')] = percent(error);
    for (const [name, value] of Object.entries(settings)) facts[name.replaceAll('_', ' ')] = value;
    facts[t('look.seconds')] = number(seconds, 2);
    return facts;
  }

  /** Stop what is going on. */
  close() {
    this.#asking.abort();
    this.element.remove();
  }
}
