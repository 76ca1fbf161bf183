/** How maps are shown: the sliders, and what more can be chosen. */

import * as api from './api.js';
import { Colours } from './heat.js';
import { percent, t } from './language.js';

const CHOICES = {
  colours: ['auto', 'viridis', 'cividis', 'pink_green', 'red_green', 'jet', 'ghost'],
  overlay: ['grayscale', 'original', 'none', 'mask_black'],
  resampling: ['bilinear', 'lanczos', 'box'],
};
const SLIDERS = ['opacity', 'hide', 'strongest'];

const find = (selector) => document.querySelector(selector);
const chosen = (name) => document.querySelector(`[name=${name}]:checked`).value;
const share = (name) => Number(find(`#${name}`).value) / 100;

let maps = {};

/** Fetch the colour maps; rejects with `Trouble`. */
export async function loadColours() {
  const found = await api.colours();
  maps = Object.fromEntries(Object.entries(found).map(([name, map]) => [name, new Colours(map)]));
}

/** The colours of feature maps, from low to high. */
export const tiles = () => maps.viridis;

/** How to paint maps, as `paint` and `Scale` understand it. */
export function view() {
  const polarity = chosen('polarity');
  const overlay = find('#overlay').value;
  const usual = polarity === 'both' ? 'pink_green' : 'viridis';
  const colours = find('#colours').value;
  // The picture's own colours, from black to as bright as they are.
  const name = overlay === 'mask_black' ? 'ghost' : colours === 'auto' ? usual : colours;
  return {
    type: chosen('type'),
    polarity,
    colours: maps[name],
    overlay,
    resampling: find('#resampling').value,
    opacity: share('opacity'),
    hide: 100 * share('hide'),
    strongest: 100 * share('strongest'),
  };
}

/** Let the form work; `onChange` is called when maps have to be painted again. */
export function startView(onChange) {
  relabelView();
  let repaint = 0;
  find('#view').addEventListener('input', () => {
    tell();
    cancelAnimationFrame(repaint);
    repaint = requestAnimationFrame(onChange);
  });
  find('#view').addEventListener('submit', (event) => event.preventDefault());
}

/** Write everything in the language in use. */
export function relabelView() {
  for (const [id, names] of Object.entries(CHOICES)) {
    const select = find(`#${id}`);
    const kept = select.value || names[0];
    select.replaceChildren(...names.map((name) => new Option(t(`${id}.${name}`), name)));
    select.value = kept;
  }
  tell();
}

function tell() {
  for (const name of SLIDERS) {
    const text = percent(share(name));
    find(`#${name}-value`).textContent = text;
    find(`#${name}`).setAttribute('aria-valuetext', text);
  }
  const isMasked = find('#overlay').value === 'mask_black';
  find('#colours').disabled = isMasked;
  // Lines, black squares, and colours without a picture below are never see-through.
  const isCover = isMasked || find('#colours').value === 'ghost';
  const isLines = chosen('type') === 'outlines';
  find('#opacity').disabled = isCover || isLines || find('#overlay').value === 'none';
}
