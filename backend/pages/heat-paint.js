/** Maps as pixels, so that sliders answer at once; as backend/drawing/attribution.py does it. */

const UNSEEN_BRIGHTNESS = 0.35;
const UNSEEN_STRIPE = 45;
const HATCH_PX = 4;
const GREY = [0.2126, 0.7152, 0.0722];
const BACKGROUND = 238;
const LEVELS = [0.25, 0.5, 0.75];
const LINES_PER_SIDE = 300;

/**
 * Paint a map over the pixels of a picture (`ImageData`); gives new ones.
 * @param view `type` (pixels, regions, outlines), `overlay` (original, grayscale, none,
 *   mask_black) and `opacity`, 0 to 1
 */
export function paint(picture, field, scale, colours, view) {
  const painted = below(picture, view, colours);
  if (view.type === 'outlines') outline(painted, field, scale, colours);
  else colour(painted, field, scale, colours, view);
  hatchUnseen(painted, picture, field);
  return painted;
}

function below({ data, width, height }, { overlay, type }, { covers }) {
  const painted = new ImageData(new Uint8ClampedArray(data), width, height);
  const to = painted.data;
  if (overlay === 'none') to.fill(covers && type !== 'outlines' ? 255 : BACKGROUND);
  for (let at = 0; at < to.length; at += 4) {
    if (overlay === 'grayscale') {
      const bright = GREY[0] * data[at] + GREY[1] * data[at + 1] + GREY[2] * data[at + 2];
      to.fill(bright, at, at + 3);
    }
    to[at + 3] = 255;
  }
  return painted;
}

function colour({ data }, field, scale, colours, view) {
  const share = shareOf(scale, colours, view);
  for (let pixel = 0; pixel < field.length; pixel += 1) {
    if (Number.isNaN(field[pixel])) continue;
    const strength = scale.strength(field[pixel]);
    const opacity = share(strength, field[pixel]);
    const place = colours.covers ? 0 : colours.at(strength, scale.polarity);
    for (let channel = 0; channel < 3; channel += 1) {
      const at = 4 * pixel + channel;
      data[at] = data[at] * (1 - opacity) + colours.bytes[place + channel] * opacity;
    }
  }
}

/** How opaque the colours are: a function of strength and value. */
function shareOf(scale, colours, { type, overlay, opacity }) {
  if (colours.covers) {
    // What matters shines through a black cover; regions are seen whole.
    const isWhole = type === 'regions' && overlay === 'mask_black';
    const light = isWhole ? Math.ceil : (strength) => strength;
    return (strength) => 1 - light(Math.abs(strength));
  }
  if (overlay === 'none') return (_, value) => (scale.shows(value) ? 1 : 0);
  if (type === 'regions') return (strength) => (strength ? opacity : 0);
  return (strength) => Math.min(Math.abs(strength), opacity);
}

/** Lines of equal relevance, each in its colour, with a dark rim to stand out anywhere. */
function outline({ data, width, height }, field, scale, colours) {
  const strengths = field.map((value) => (Number.isNaN(value) ? NaN : scale.strength(value)));
  const hidden = scale.fullAt ? scale.hiddenBelow / scale.fullAt : 1;
  const levels = [...new Set([hidden, ...LEVELS])]
    .filter((level) => level && level >= hidden && level < 1)
    .sort((one, other) => one - other);
  const reach = Math.floor(Math.min(width, height) / LINES_PER_SIDE);
  for (const level of levels) {
    for (const sign of [1, -1]) {
      const edge = edgeOf(strengths, sign, level, width);
      const place = colours.at(sign * level, scale.polarity);
      stamp(data, edge, reach + Math.max(1, reach), width, height, [0, 0, 0]);
      stamp(data, edge, reach, width, height, colours.bytes.subarray(place, place + 3));
    }
  }
}

/** Pixels inside that have a neighbour outside; the end of what is seen is no edge. */
function edgeOf(strengths, sign, level, width) {
  const isOutside = (pixel) => sign * strengths[pixel] < level; // not for NaN or undefined
  const edge = [];
  for (let pixel = 0; pixel < strengths.length; pixel += 1) {
    if (!(sign * strengths[pixel] >= level)) continue;
    const column = pixel % width;
    if (
      isOutside(pixel - width) ||
      isOutside(pixel + width) ||
      (column > 0 && isOutside(pixel - 1)) ||
      (column < width - 1 && isOutside(pixel + 1))
    ) {
      edge.push(pixel);
    }
  }
  return edge;
}

/** Paint every pixel within `reach` rows and columns of the edge. */
function stamp(data, edge, reach, width, height, colour) {
  // Whole pixels at once: there can be a hundred thousand of them.
  const pixels = new Uint32Array(data.buffer);
  const [ink] = new Uint32Array(Uint8Array.of(...colour, 255).buffer);
  for (const pixel of edge) {
    const column = pixel % width;
    const row = (pixel - column) / width;
    const right = Math.min(width - 1, column + reach);
    const bottom = Math.min(height - 1, row + reach);
    for (let y = Math.max(0, row - reach); y <= bottom; y += 1) {
      pixels.fill(ink, y * width + Math.max(0, column - reach), y * width + right + 1);
    }
  }
}

function hatchUnseen({ data }, picture, field) {
  for (let pixel = 0; pixel < field.length; pixel += 1) {
    if (!Number.isNaN(field[pixel])) continue;
    const column = pixel % picture.width;
    const row = (pixel - column) / picture.width;
    const stripe = (Math.floor((row + column) / HATCH_PX) % 2) * UNSEEN_STRIPE;
    for (let channel = 0; channel < 3; channel += 1) {
      const at = 4 * pixel + channel;
      data[at] = picture.data[at] * UNSEEN_BRIGHTNESS + stripe;
    }
  }
}

/** The colour bar as one row of pixels (`ImageData`); what is hidden is white. */
export function bar(scale, colours, width) {
  const row = new ImageData(width, 1);
  const [low, high] = scale.ends;
  for (let x = 0; x < width; x += 1) {
    const value = low + ((high - low) * x) / (width - 1);
    const place = colours.at(scale.strength(value), scale.polarity);
    const ink = scale.shows(value) ? colours.bytes.subarray(place, place + 3) : [255, 255, 255];
    row.data.set([...ink, 255], 4 * x);
  }
  return row;
}
