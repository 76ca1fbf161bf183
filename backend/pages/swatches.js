/** Small pictures of pictures without content: what a baseline looks like. */

import { make } from './shell.js';

const SIDE_PX = 24;
const COLOURS = { black: () => 0, white: () => 255, random: () => 255 * Math.random() };

/** A canvas that shows `black`, `white`, `random` or `blur`. */
export function emptyPicture(baseline, title) {
  const canvas = make('canvas', 'swatch');
  Object.assign(canvas, { width: SIDE_PX, height: SIDE_PX, title });
  canvas.setAttribute('aria-hidden', true);
  const context = canvas.getContext('2d');
  if (baseline === 'blur') {
    const shade = context.createRadialGradient(9, 10, 1, 12, 12, 15);
    shade.addColorStop(0, '#f2c28a');
    shade.addColorStop(0.5, '#a9886b');
    shade.addColorStop(1, '#5f7f88');
    context.fillStyle = shade;
    context.fillRect(0, 0, SIDE_PX, SIDE_PX);
    return canvas;
  }
  const pixels = context.createImageData(SIDE_PX, SIDE_PX);
  pixels.data.forEach((_, at) => {
    pixels.data[at] = at % 4 === 3 ? 255 : COLOURS[baseline]();
  });
  context.putImageData(pixels, 0, 0);
  return canvas;
}
