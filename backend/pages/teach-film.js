/** The film: what the classifier looked at after every lesson, and what it said. */

import * as teachApi from './teach-api.js';
import { number, percent, t } from './language.js';
import { make } from './shell.js';
import { nameOf } from './teach-collections.js';

const FRAME_MS = 450;

const find = (selector) => document.querySelector(selector);

export class Film {
  #film = null;
  #id = '';
  #views = [];
  #other = null;
  #otherViews = [];
  #timer = 0;

  /** `attempt(action)` does what may fail. */
  constructor({ attempt }) {
    this.slider = find('#film-slider');
    this.button = find('#film-play');
    this.slider.addEventListener('input', () => {
      this.#pause();
      this.#draw();
    });
    this.button.addEventListener('click', () => (this.#timer ? this.#pause() : this.#play()));
    find('#film-probe').addEventListener('change', () => this.#offerFiles());
    this.others = find('#film-other');
    this.others.addEventListener('change', () =>
      attempt(async () => {
        this.#other = this.others.value ? await teachApi.film(this.others.value) : null;
        this.#buildOther();
        if (this.#film) this.#draw();
      })
    );
  }

  /** Offer other collections that were taught, `[{id, name, named}]`, for comparison. */
  offer(others) {
    const none = new Option(t('teach.film.alone'), '');
    this.others.replaceChildren(none, ...others.map((one) => new Option(nameOf(one), one.id)));
    find('#film-other-field').hidden = !others.length;
    this.#other = null;
    this.#buildOther();
  }

  /** Show a film (or none); `live` while it is being made: the newest frame is shown. */
  show(id, film, { live = false } = {}) {
    this.#pause();
    this.#id = id;
    this.#film = film?.epochs.length && film.probes.length ? film : null;
    find('#step-film').hidden = !this.#film;
    if (!this.#film) return;
    if (!live || !this.#isOf(film.probes)) this.#build();
    this.slider.max = film.epochs.length - 1;
    this.slider.value = film.epochs.length - 1;
    find('#film-files').hidden = live;
    this.button.hidden = live;
    this.#offerFiles();
    this.#draw();
  }

  relabel() {
    if (this.others.options.length) this.others.options[0].text = t('teach.film.alone');
    if (!this.#film) return;
    this.#build();
    this.#buildOther();
    this.#sayButton();
    this.#draw();
  }

  #buildOther() {
    this.#otherViews = this.#other ? viewsOf(this.#other, find('#probes-other')) : [];
    find('#other-film').hidden = !this.#other;
    find('#other-name').textContent = this.others.selectedOptions[0]?.text ?? '';
  }

  /** Whether the pictures on show are these. */
  #isOf(probes) {
    const shown = this.#views.map(({ url }) => url);
    return shown.length === probes.length && probes.every(({ url }, at) => url === shown[at]);
  }

  #build() {
    const { probes } = this.#film;
    this.#views = viewsOf(this.#film, find('#probes'));
    const options = probes.map(({ label }, index) => new Option(label, index));
    find('#film-probe').replaceChildren(...options);
    find('#film-probe-field').hidden = probes.length < 2;
  }

  #offerFiles() {
    const probe = find('#film-probe').value || '0';
    for (const format of ['gif', 'webp', 'strip']) {
      find(`#film-${format}`).href = teachApi.filmFile(this.#id, format, probe);
    }
  }

  #draw() {
    const { epochs } = this.#film;
    const index = this.slider.valueAsNumber;
    const { epoch, accuracy, frames } = epochs[index];
    const lesson = t('teach.film.lesson', { epoch: number(epoch) });
    const right = accuracy === null ? '' : t('teach.accuracy', { percent: percent(accuracy) });
    find('#film-lesson').textContent = lesson;
    find('#film-accuracy').textContent = right;
    this.slider.setAttribute('aria-valuetext', [lesson, right].filter(Boolean).join('. '));
    this.#views.forEach((view, place) => view.show(frames[place]));
    // A film with fewer lessons waits at its end.
    const other = this.#other?.epochs[Math.min(index, this.#other.epochs.length - 1)];
    this.#otherViews.forEach((view, place) => view.show(other.frames[place]));
  }

  #play() {
    if (this.slider.valueAsNumber >= Number(this.slider.max)) this.slider.value = 0;
    this.#draw();
    this.#timer = setInterval(() => {
      this.slider.value = this.slider.valueAsNumber + 1;
      this.#draw();
      if (this.slider.valueAsNumber >= Number(this.slider.max)) this.#pause();
    }, FRAME_MS);
    this.#sayButton();
  }

  #pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#sayButton();
  }

  #sayButton() {
    this.button.textContent = this.#timer ? t('teach.film.pause') : t('teach.film.play');
  }
}

function viewsOf({ probes, rows, columns }, list) {
  const views = probes.map((probe) => new Probe(probe, rows, columns));
  list.replaceChildren(...views.map(({ element }) => element));
  return views;
}

/** One watched picture under its squares, and the three likeliest labels below it. */
class Probe {
  constructor({ url, label }, rows, columns) {
    this.url = url;
    this.label = label;
    this.element = make('li', 'card probe');
    const picture = make('div', 'probe-picture');
    const image = new Image();
    image.src = url;
    image.alt = t('teach.picture', { label });
    image.onerror = () => picture.replaceWith(make('p', 'small-print', t('teach.picture.gone')));
    this.squares = make('div', 'probe-squares');
    this.squares.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`;
    this.cells = Array.from({ length: rows * columns }, () => make('i'));
    this.squares.append(...this.cells);
    picture.append(image, this.squares);
    const name = make('p', 'probe-label', t('teach.film.is', { label }));
    name.dir = 'auto';
    this.bars = make('ul', 'bars');
    this.element.append(picture, name, this.bars);
  }

  /** Draw a frame: `{relevance, ghost, top}`. */
  show({ ghost, top }) {
    ghost.flat().forEach((value, index) => {
      this.cells[index].style.opacity = 1 - value / 100;
    });
    top.forEach(({ label, confidence }, place) => {
      const bar = this.bars.children[place] ?? this.bars.appendChild(emptyBar());
      const [name, share, track] = bar.children;
      name.textContent = name.title = label;
      share.textContent = percent(confidence);
      track.firstElementChild.style.inlineSize = `${100 * confidence}%`;
      bar.classList.toggle('explained', label === this.label);
    });
  }
}

function emptyBar() {
  const bar = make('li', 'bar');
  const name = make('span', 'name');
  name.dir = 'auto';
  const track = make('span', 'track');
  track.append(make('span', 'fill'));
  bar.append(name, make('span', 'share'), track);
  return bar;
}
