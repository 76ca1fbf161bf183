/** One look at the picture: a classifier, a method, a label, and the map that they give. */

import * as api from './api.js';
import { decodeNpy } from './heat.js';
import { HeatMap } from './heat-map.js';
import { save } from './keeping.js';
import { hasText, percent, t } from './language.js';
import { layerList } from './look-layers.js';
import { fillLabels, fillMethods, writeLabels } from './look-menus.js';
import { peekPlot, peekSentence } from './look-peek.js';
import { smallButton, Status } from './look-status.js';
import { Trust } from './look-trust.js';
import { mosaic } from './mosaic.js';
import { pngOf } from './picture.js';
import { warningsOf } from './setting-words.js';
import { referencesField, SettingsForm } from './settings-form.js';
import { make } from './shell.js';
import { unitInWords } from './units.js';
import { labelled, writeAgain, written } from './written.js';

const GRID = { rows: 6, columns: 8 };
/** Headings have names that are given once. */
let made = 0;

export class Look {
  #asking = new AbortController();
  #methods = [];
  #layers = [];
  #form = null;
  #picture = null;
  #predictions = [];
  #references = [];

  /**
   * @param models as GET /api/models lists them
   * @param wanted `{model, method}`
   * @param handlers `view()` how to paint, `tiles()` colours for feature maps, `onRemove(look)`,
   *   `answer(model)` what /api/classify says about the picture
   */
  constructor(models, wanted, handlers) {
    this.handlers = handlers;
    this.result = null;
    this.number = 1;
    this.element = make('section', 'card look');
    this.#build();
    this.offer(models, wanted.model);
    this.model.addEventListener('change', () => this.#chooseModel(this.method.value));
    this.method.addEventListener('change', () =>
      this.#form ? this.#chooseMethod() : this.#chooseModel(this.method.value)
    );
    this.target.addEventListener('change', () => this.ask());
    /** What the menu of methods will show as soon as it is filled. */
    this.firstMethod = wanted.method;
    this.#chooseModel(wanted.method);
  }

  #build() {
    this.model = make('select');
    this.method = make('select');
    this.target = make('select');
    this.heading = make('h3', 'look-title only-read-aloud');
    this.heading.id = `look-${(made += 1)}`;
    this.element.setAttribute('aria-labelledby', this.heading.id);
    this.purpose = make('p', 'look-purpose');
    this.map = new HeatMap();
    this.answer = make('p', 'look-answer');
    this.status = new Status();
    this.details = make('details', 'look-details');
    this.save = smallButton(
      () => t('look.save'),
      () => this.#savePng()
    );
    this.trust = new Trust(
      () => ({
        picture: this.#picture,
        model: this.#chosenModel,
        settings: this.#settings(),
        learned: this.result,
        references: this.#references,
      }),
      () => this.handlers.view()
    );
    this.remove = smallButton(
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
    actions.append(this.trust.button, this.save, this.remove);
    this.element.append(
      this.heading,
      choices,
      this.purpose,
      this.answer,
      this.map.element,
      this.status.element,
      this.details,
      actions,
      this.trust.live,
      this.trust.element
    );
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

  /** What people call its classifier. */
  get modelName() {
    return this.#chosenModel.name;
  }

  async #chooseModel(method) {
    const { id, labels } = this.#chosenModel;
    const signal = this.#begin(() => this.#chooseModel(method));
    fillLabels(this.target, labels);
    this.#form = null; // Nothing can be asked before it is known what can be set.
    this.#predictions = [];
    this.#writeAnswer();
    try {
      const answer = await api.methods(id);
      if (signal.aborted) return;
      this.#methods = answer.methods;
      this.#layers = answer.layers;
    } catch (trouble) {
      if (!signal.aborted) this.#fail(trouble, () => this.#chooseModel(method));
      return;
    }
    const possible = this.#methods.find(({ name }) => name === method)?.available
      ? method
      : this.#methods.find(({ available }) => available).name;
    fillMethods(this.method, this.#methods, possible);
    this.#chooseMethod();
  }

  #chooseMethod() {
    this.#form = new SettingsForm(this.#chosenMethod.settings, this.#layers, () => this.ask());
    const summary = written(make('summary'), () => t('look.settings'));
    this.#references = [];
    this.details.replaceChildren(summary, this.#form.element);
    if (this.#chosenMethod.needs_references) {
      const field = referencesField((files) => {
        this.#references = files;
        this.ask();
      });
      this.details.append(field);
    }
    this.details.hidden = !this.#chosenMethod.settings.length;
    this.target.disabled = !this.#chosenMethod.needs_target;
    this.relabel();
    this.ask();
  }

  /** Offer other models than before; `chosen` is shown from the next question on. */
  offer(models, chosen = this.model.value) {
    this.models = models;
    this.model.replaceChildren(...models.map(({ id, name }) => new Option(name, id)));
    this.model.value = chosen;
  }

  /** Ask another model the same. */
  use(model) {
    this.model.value = model;
    this.#chooseModel(this.method.value);
  }

  /** Show another picture. */
  show(picture) {
    this.#picture = picture;
    this.ask();
  }

  /** Ask the server for the map, with the choices as they are. */
  async ask() {
    if (!this.#picture || !this.#form) return;
    const signal = this.#begin();
    this.#showAnswer(signal);
    try {
      const settings = { ...this.#settings(), raw: true };
      const onProgress = (share) => this.status.progress(share);
      const listener = { signal, onProgress, references: this.#references };
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

  /** Say how sure the classifier is, also in the menu of labels. */
  async #showAnswer(signal) {
    try {
      const { predictions } = await this.handlers.answer(this.model.value);
      if (signal.aborted) return;
      this.#predictions = predictions;
      this.relabel();
    } catch (trouble) {
      // Whoever asks for the map learns what is wrong, and tells it.
      if (!(trouble instanceof api.Trouble)) throw trouble;
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

  /**
   * Begin a question: what was asked or found before no longer counts.
   * @param again what asks once more, for whoever stops it
   */
  #begin(again = () => this.ask()) {
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.result = null;
    this.trust.begin(false);
    this.element.dataset.state = 'working';
    this.status.working(() => {
      this.#asking.abort();
      this.element.dataset.state = 'stopped';
      this.status.stopped(again);
    });
    return signal;
  }

  #fail(trouble, again = () => this.ask()) {
    if (!(trouble instanceof api.Trouble)) throw trouble;
    this.element.dataset.state = 'failed';
    this.status.failed(trouble, again);
  }

  #say() {
    this.element.dataset.state = 'ready';
    this.trust.begin(this.#chosenMethod.needs_target);
    const { result } = this;
    const warnings = () => warningsOf(result);
    this.status.found(() => this.sentence(), warnings, this.#more());
    this.relabel();
  }

  /** What belongs to some methods only: feature maps, a curve. */
  #more() {
    const { maps, facts } = this.result;
    if (facts.suffices_curve) return [peekPlot(this.result)];
    if (!maps || !facts.channels) return [];
    return [mosaic(decodeNpy(maps), facts.channels, this.handlers.tiles()), layerList(facts)];
  }

  /** What was found, in one sentence. */
  sentence() {
    const { target: label, most_relevant: most } = this.result;
    if (this.result.facts.suffices_curve) return peekSentence(this.result);
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
    this.#writeAnswer();
    writeAgain(this.element);
    this.trust.relabel();
    const named = { name: method.title };
    this.remove.setAttribute('aria-label', t('look.remove.named', named));
    this.save.setAttribute('aria-label', t('look.save.named', named));
    if (this.element.dataset.state !== 'ready') return;
    this.map.relabel(`${method.title}. ${this.sentence()}`, unitInWords(this.result.unit));
  }

  #writeAnswer() {
    writeLabels(this.target, this.#predictions);
    const [best] = this.#predictions;
    const said = best && { label: best.label, share: percent(best.confidence) };
    this.answer.textContent = said ? t('look.says', said) : '';
    const names = [this.title, this.#chosenModel.name, this.target.value || best?.label];
    const values = { number: this.number, names: names.filter(Boolean).join(' · ') };
    this.heading.textContent = t('look.number', values);
  }

  /** Map and colour bar as one picture (canvas), for keeping. */
  drawing() {
    const { target, unit } = this.result;
    return this.map.drawing(`${this.title} · ${target} · ${unitInWords(unit)}`);
  }

  /** Paint the map again, with the page's sliders as they are. */
  paint() {
    if (!this.result) return;
    this.map.paint(this.handlers.view());
    this.trust.paint();
  }

  async #savePng() {
    if (!this.result) return;
    save(await pngOf(this.drawing()), `${this.method.value}-${this.result.target}.png`);
  }

  /** Stop what is going on. */
  close() {
    this.#asking.abort();
    this.trust.begin(false);
    this.element.remove();
  }
}
