/** A picture large, and what of it is the thing itself: painted over, rubbed out, kept. */

import { Trouble } from './api.js';
import * as teachApi from './teach-api.js';
import { t } from './language.js';
import { Newest } from './newest.js';
import { pngOfPixels } from './picture.js';
import { notice } from './shell.js';

const COLOUR = [110, 50, 220]; // rarely that of a thing
const OPACITY = 150;
const BRUSH_SHARE = 0.09; // of the longer side
const DOT_PX = 0.01; // a line of no length is not drawn
const HALF = 128;
const STEP_SHARE = 0.04; // of the longer side, for an arrow key
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const find = (selector) => document.querySelector(selector);

export class MaskDialog {
  #picture = null;
  #id = '';
  #last = null;
  #at = [0, 0]; // of the brush that keys move
  #held = false;
  #opening = new Newest();

  /** `onKept()` hears of a new mask. */
  constructor({ onKept }) {
    this.dialog = find('#large');
    this.problem = find('#large-problem');
    this.image = find('#large-picture');
    this.canvas = find('#large-mask');
    this.brush = find('#mask-brush');
    this.context = this.canvas.getContext('2d', { willReadFrequently: true });
    find('#large-close').addEventListener('click', () => this.dialog.close());
    find('#mask-keep').addEventListener('click', () =>
      this.#attempt(async () => {
        await teachApi.setMask(this.#id, this.#picture.name, await this.#mask());
        this.dialog.close();
        onKept();
      })
    );
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#last = null;
      this.#paint(event);
    });
    this.canvas.addEventListener('pointermove', (event) => {
      if (event.buttons) this.#paint(event);
    });
    this.#listenToKeys();
    this.dialog.addEventListener('click', (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  /** Show a picture of a collection, with its mask if the server has or makes one, else nothing painted. */
  async open(id, label, picture) {
    const isNewest = this.#opening.begin();
    this.#id = id;
    this.#picture = picture;
    this.image.src = picture.url;
    this.image.alt = t('teach.picture', { label });
    this.canvas.hidden = find('#mask-tools').hidden = true;
    this.dialog.showModal();
    await this.#attempt(() => this.#load(isNewest));
  }

  async #load(isNewest) {
    try {
      await this.image.decode();
    } catch {
      return; // A broken file that somebody put there: its name is all there is to show.
    }
    const mask = await teachApi.mask(this.#id, this.#picture.name);
    if (!isNewest()) return;
    this.canvas.width = this.image.naturalWidth;
    this.canvas.height = this.image.naturalHeight;
    this.#at = [this.canvas.width / 2, this.canvas.height / 2];
    this.#held = false;
    if (mask) {
      const bitmap = await createImageBitmap(mask);
      this.context.drawImage(bitmap, 0, 0, this.canvas.width, this.canvas.height);
    }
    this.#tint();
    this.canvas.hidden = find('#mask-tools').hidden = false;
  }

  /** Do what may fail; why it did is told here, for all else lies behind the dialog. */
  async #attempt(action) {
    this.problem.replaceChildren();
    try {
      await action();
    } catch (trouble) {
      if (!(trouble instanceof Trouble)) throw trouble;
      this.problem.replaceChildren(notice(trouble));
    }
  }

  /** What is white in the mask becomes a transparent colour, the rest clear. */
  #tint() {
    const pixels = this.#pixels();
    for (let at = 0; at < pixels.data.length; at += 4) {
      const inside = pixels.data[at] >= HALF;
      pixels.data.set([...COLOUR, inside ? OPACITY : 0], at);
    }
    this.context.putImageData(pixels, 0, 0);
  }

  #pixels = () => this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);

  /** Arrow keys move a brush that can be seen, the space bar paints with it. */
  #listenToKeys() {
    this.canvas.addEventListener('focus', () => this.#showBrush());
    this.canvas.addEventListener('blur', () => (this.brush.hidden = true));
    this.canvas.addEventListener('keydown', (event) => {
      const step = STEPS[event.key];
      if (!step && event.key !== ' ') return;
      event.preventDefault();
      if (step) this.#move(step);
      else this.#held = true;
      if (this.#held) this.#stroke(this.#at);
    });
    this.canvas.addEventListener('keyup', (event) => {
      if (event.key !== ' ') return;
      this.#held = false;
      this.#last = null;
    });
  }

  get #longest() {
    return Math.max(this.canvas.width, this.canvas.height);
  }

  #move([right, down]) {
    const { width, height } = this.canvas;
    const step = this.#longest * STEP_SHARE;
    const [x, y] = this.#at;
    this.#at = [
      Math.min(width, Math.max(0, x + right * step)),
      Math.min(height, Math.max(0, y + down * step)),
    ];
    this.#showBrush();
  }

  #showBrush() {
    const { offsetLeft, offsetTop, offsetWidth, width } = this.canvas;
    const scale = offsetWidth / width;
    const side = this.#longest * BRUSH_SHARE * scale;
    const [left, top] = this.#at.map((place) => place * scale - side / 2);
    Object.assign(this.brush.style, {
      left: `${offsetLeft + left}px`,
      top: `${offsetTop + top}px`,
      width: `${side}px`,
      height: `${side}px`,
    });
    this.brush.hidden = !this.canvas.matches(':focus-visible');
  }

  #paint(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.canvas.width;
    const y = ((event.clientY - box.top) / box.height) * this.canvas.height;
    this.#stroke([x, y]);
  }

  #stroke([x, y]) {
    const { context } = this;
    context.lineCap = 'round';
    context.lineWidth = this.#longest * BRUSH_SHARE;
    context.strokeStyle = `rgb(${COLOUR})`;
    const rub = find('[name=mask-tool]:checked').value === 'rub';
    context.globalCompositeOperation = rub ? 'destination-out' : 'source-over';
    context.beginPath();
    context.moveTo(...(this.#last ?? [x, y]));
    context.lineTo(x + DOT_PX, y);
    context.stroke();
    context.globalCompositeOperation = 'source-over';
    this.#last = [x, y];
    if (!rub) this.#even();
  }

  /** Painted twice is not painted darker. */
  #even() {
    const pixels = this.#pixels();
    for (let at = 3; at < pixels.data.length; at += 4) {
      pixels.data[at] = Math.min(pixels.data[at], OPACITY);
    }
    this.context.putImageData(pixels, 0, 0);
  }

  /** Black and white, as the server keeps it (PNG). */
  #mask() {
    const pixels = this.#pixels();
    for (let at = 0; at < pixels.data.length; at += 4) {
      const grey = pixels.data[at + 3] >= OPACITY / 2 ? 255 : 0;
      pixels.data.set([grey, grey, grey, 255], at);
    }
    return pngOfPixels(pixels);
  }
}
