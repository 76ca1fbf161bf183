/** A column for each label: its name, its pictures, and the ways to add more. */

import * as teachApi from './teach-api.js';
import { number, t } from './language.js';
import { acceptDrops, PICTURES } from './files.js';
import { make } from './shell.js';

const SHOWN_AT_FIRST = 48;
const KEYS = { remove: 'Delete', watch: 'W' }; // for what the buttons on a picture do
export const MOST_WATCHED = 4;

/** An icon from the page's list of icons. */
function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

function button(className, iconName, text = '') {
  const element = make('button', className);
  element.type = 'button';
  element.append(icon(iconName));
  if (text) element.append(make('span', '', text));
  return element;
}

/**
 * Only `elements` in `list`. Only what is out of place is moved: a video that is moved begins
 * again, and a thousand pictures need a moment.
 */
function putInOrder(list, elements) {
  const wanted = new Set(elements);
  for (const old of [...list.children]) if (!wanted.has(old)) old.remove();
  let next = list.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else list.insertBefore(element, next);
  }
}

/** A key as `KEYS` calls it; where keys bear other letters, the one in the place of a Latin one. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  return code.startsWith('Key') ? code.slice(3) : key;
}

/** All columns; `actions` are what a column can ask for: see `LabelCard`. */
export class LabelCards {
  #cards = new Map();

  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
  }

  /** Show these labels, keeping columns that are there already (and a camera in them). */
  show(labels, watched) {
    const cards = new Map();
    for (const data of labels) {
      const card = this.#cards.get(data.label) ?? new LabelCard(this.actions);
      card.update(data, watched);
      cards.set(data.label, card);
    }
    this.#cards = cards;
    putInOrder(
      this.list,
      [...cards.values()].map(({ element }) => element)
    );
  }

  /** The column `label` is called `to` from now on. */
  renamed(label, to) {
    const entries = [...this.#cards].map(([name, card]) => [name === label ? to : name, card]);
    this.#cards = new Map(entries);
  }

  /** The column of a label. */
  card = (label) => this.#cards.get(label);

  /** Write everything again in the language in use. */
  relabel() {
    for (const card of this.#cards.values()) card.relabel();
  }
}

/**
 * One column. `actions`: `rename(label, to)`, `remove(label)`, `files(label, files)`,
 * `camera(label, place)`, `removePicture(label, picture)`, `enlarge(label, picture)`, `watch(picture)`.
 */
class LabelCard {
  #data = { label: '', count: 0, pictures: [] };
  #watched = [];
  #all = false;
  #stop = ''; // the picture at which the tab key stops: its name

  constructor(actions) {
    this.actions = actions;
    this.element = make('li', 'card label-card drop');
    this.name = make('input', 'label-name');
    this.name.maxLength = 300;
    this.name.dir = 'auto';
    this.name.autocomplete = 'off';
    this.count = make('p', 'label-count');
    this.place = make('div', 'camera-place');
    this.pictures = make('ul', 'thumbnails');
    this.keys = make('p', 'thumbnail-keys');
    this.input = make('input');
    Object.assign(this.input, { type: 'file', accept: PICTURES, multiple: true, hidden: true });
    this.head = make('div', 'label-head');
    this.ways = make('div', 'row label-ways');
    const { head, count, ways, place, input, pictures, keys } = this;
    this.element.append(head, count, ways, place, input, pictures, keys);
    this.#listen();
    this.#listenToKeys();
    this.relabel();
  }

  #listen() {
    this.name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.name.blur();
      if (event.key === 'Escape') this.name.value = this.#data.label;
    });
    this.name.addEventListener('change', () => {
      const to = this.name.value.trim();
      this.name.value = this.#data.label;
      if (to && to !== this.#data.label) this.actions.rename(this.#data.label, to);
    });
    this.input.addEventListener('change', () => {
      this.actions.files(this.#data.label, [...this.input.files]);
      this.input.value = ''; // So that the same files can be chosen again.
    });
    acceptDrops(this.element, (files) => this.actions.files(this.#data.label, files));
  }

  /** All pictures are one stop of the tab key; from there, arrow keys lead from one to the next. */
  #listenToKeys() {
    this.pictures.addEventListener('focusin', ({ target }) => {
      if (target.matches('.large')) this.#stop = target.parentElement.dataset.name;
      this.#putStop();
    });
    this.pictures.addEventListener('keydown', (event) => {
      const item = event.target.closest('.thumbnail');
      if (!item || event.ctrlKey || event.altKey || event.metaKey) return;
      const next = this.#steps(item, event.key);
      const does = Object.keys(KEYS).find((what) => KEYS[what] === keyOf(event));
      if (!next && !does) return;
      event.preventDefault();
      if (next) next.querySelector('.large').focus();
      else if (!event.repeat) item.querySelector(`.${does}`).click();
    });
  }

  /** Where a key leads from a picture; undefined if it is none that leads anywhere. */
  #steps(item, key) {
    const items = [...this.pictures.querySelectorAll('.thumbnail')];
    const across = items.filter((one) => one.offsetTop === items[0].offsetTop).length;
    const onward = getComputedStyle(this.pictures).direction === 'rtl' ? -1 : 1;
    const at = items.indexOf(item);
    const to = {
      ArrowRight: at + onward,
      ArrowLeft: at - onward,
      ArrowDown: at + across,
      ArrowUp: at - across,
      Home: 0,
      End: items.length - 1,
    }[key];
    return to === undefined ? undefined : (items[to] ?? item);
  }

  #putStop() {
    const items = [...this.pictures.querySelectorAll('.thumbnail')];
    const stop = items.find((item) => item.dataset.name === this.#stop) ?? items[0];
    for (const item of items) item.querySelector('.large').tabIndex = item === stop ? 0 : -1;
  }

  update(data, watched) {
    this.#data = data;
    this.#watched = watched;
    this.element.dataset.label = data.label;
    if (document.activeElement !== this.name) this.name.value = data.label;
    this.#write();
  }

  /** The picture that takes the place of one that goes: its name, or '' if none does. */
  besides(name) {
    const names = [...this.pictures.children].map((item) => item.dataset.name);
    const at = names.indexOf(name);
    return names[at + 1] ?? names[at - 1] ?? '';
  }

  /** Go on at a picture with the keyboard, or at the buttons if it is not there. */
  focus(name) {
    const item = [...this.pictures.children].find((one) => one.dataset.name === name);
    (item?.querySelector('.large') ?? this.ways.lastElementChild).focus();
  }

  relabel() {
    const remove = button('icon-button', 'bin');
    // The second one of a double click hits another box, which has slid under the mouse.
    remove.addEventListener('click', ({ detail }) => {
      if (detail < 2) this.actions.remove(this.#data.label);
    });
    this.name.setAttribute('aria-label', t('teach.label.name'));
    this.head.replaceChildren(this.name, remove);
    const camera = button('button small', 'camera', t('try.camera'));
    const files = button('button small quiet', 'files', t('teach.files'));
    camera.addEventListener('click', () => this.actions.camera(this.#data.label, this.place));
    files.addEventListener('click', () => this.input.click());
    this.ways.replaceChildren(camera, files);
    this.#write();
  }

  #write() {
    const { label, count, pictures } = this.#data;
    this.element.setAttribute('aria-label', label);
    const remove = this.head.lastElementChild;
    if (remove) remove.title = remove.ariaLabel = t('teach.label.delete', { label });
    this.count.textContent = count
      ? t('teach.count', { count: number(count) })
      : t('teach.count.none');
    const newest = [...pictures].reverse();
    const shown = this.#all ? newest : newest.slice(0, SHOWN_AT_FIRST);
    const there = new Map([...this.pictures.children].map((item) => [item.dataset.name, item]));
    const items = shown.map((picture) => this.#item(picture, there.get(picture.name)));
    if (shown.length < count) items.push(this.#more(count));
    putInOrder(this.pictures, items);
    this.#putStop();
    this.pictures.setAttribute('aria-label', `${label}. ${t('teach.keys')}`);
    this.keys.textContent = t('teach.keys');
  }

  #more(count) {
    const item = make('li', 'more');
    const more = make('button', 'button small quiet', t('teach.all', { count: number(count) }));
    more.type = 'button';
    more.addEventListener('click', () => {
      const first = this.#data.pictures.at(-1 - SHOWN_AT_FIRST);
      this.#all = true;
      this.#write();
      this.focus(first?.name); // The button is gone.
    });
    item.append(more);
    return item;
  }

  /** The thumbnail of a picture; the one that is there already only hears what changed. */
  #item(picture, item = make('li', 'thumbnail')) {
    const watched = this.#watched.includes(picture.name);
    if (!item.dataset.name) this.#fill(item, picture);
    const [watch, remove] = item.querySelectorAll('.icon-button');
    item.classList.toggle('watched', watched);
    watch.setAttribute('aria-pressed', String(watched));
    watch.title = watch.ariaLabel = t('teach.watch');
    remove.title = remove.ariaLabel = t('teach.picture.delete');
    item.querySelector('img').alt = t('teach.picture', { label: this.#data.label });
    return item;
  }

  #fill(item, picture) {
    item.dataset.name = picture.name;
    const image = new Image();
    image.loading = 'lazy';
    image.src = teachApi.thumbnail(picture.url);
    const remove = button('icon-button remove', 'cross');
    remove.addEventListener('click', () => this.actions.removePicture(this.#data.label, picture));
    const watch = button('icon-button watch', 'eye');
    watch.addEventListener('click', () => this.actions.watch(picture));
    const large = make('button', 'large');
    large.type = 'button';
    large.setAttribute('aria-keyshortcuts', Object.values(KEYS).join(' '));
    remove.tabIndex = watch.tabIndex = -1;
    large.append(image);
    large.addEventListener('click', () => this.actions.enlarge(this.#data.label, picture));
    item.append(large, watch, remove);
  }
}
