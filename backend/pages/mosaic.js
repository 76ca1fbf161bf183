/** Feature maps side by side, each from its lowest value (dark) to its highest (light). */

import { t } from './language.js';
import { make } from './shell.js';

/**
 * @param maps `{count, height, width, values}`
 * @param channels the number of each map in its layer, from 0; people count from 1
 * @param colours a colour map (`Colours`)
 */
export function mosaic(maps, channels, colours) {
  const list = make('ol', 'mosaic');
  list.setAttribute('aria-label', t('look.maps', { count: maps.count }));
  list.tabIndex = 0; // It scrolls, also for the keyboard.
  const size = maps.height * maps.width;
  for (let index = 0; index < maps.count; index += 1) {
    const values = maps.values.subarray(index * size, (index + 1) * size);
    const tile = make('li');
    tile.append(drawn(values, maps, colours), make('span', '', String(channels[index] + 1)));
    list.append(tile);
  }
  return list;
}

function drawn(values, { height, width }, colours) {
  const canvas = make('canvas');
  Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  const low = values.reduce((least, value) => Math.min(least, value));
  const spread = values.reduce((most, value) => Math.max(most, value)) - low || 1;
  values.forEach((value, place) => {
    const colour = colours.at((value - low) / spread, 'positive');
    pixels.data.set(colours.bytes.subarray(colour, colour + 3), 4 * place);
    pixels.data[4 * place + 3] = 255;
  });
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
}
