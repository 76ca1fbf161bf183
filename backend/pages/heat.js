/** Maps as pixels, in the browser, so that sliders answer at once; as backend/drawing does it. */

const UNSEEN_BRIGHTNESS = 0.35;
const UNSEEN_STRIPE = 45;
const HATCH_PX = 4;
const GREY = [0.2126, 0.7152, 0.0722];
const CLIP_ABOVE = 99.5;
const FEW_VALUES = 1 / 16; // a map with a smaller share of different values is made of regions

/** Read a base64 `.npy` of float32 with two axes, or three: `{count, height, width, values}`. */
export function decodeNpy(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const long = bytes[6] > 1; // since version 2 the header's length has four bytes
  const start = (long ? 12 : 10) + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(long ? 12 : 10, start));
  const shape = /'shape': \((?:(\d+), )?(\d+), (\d+)\)/.exec(header);
  if (!header.includes("'<f4'") || header.includes("'fortran_order': True") || !shape) {
    throw new TypeError(`A map of another kind: ${header}`);
  }
  const [count, height, width] = [shape[1] ?? 1, shape[2], shape[3]].map(Number);
  return { count, height, width, values: new Float32Array(bytes.buffer.slice(start)) };
}

/** The part of a map over the input that shows the picture. */
export function cut({ width, values }, placed) {
  const part = new Float32Array(placed.width * placed.height);
  for (let row = 0; row < placed.height; row += 1) {
    const start = (placed.top + row) * width + placed.left;
    part.set(values.subarray(start, start + placed.width), row * placed.width);
  }
  return { height: placed.height, width: placed.width, values: part };
}

/**
 * Lay a map over the box `seen` of a drawing (px of the drawing), bilinear between the middles
 * of its cells unless it is made of regions; NaN where nothing is seen.
 */
export function lay(map, seen, { width, height }) {
  const field = new Float32Array(width * height).fill(NaN);
  const inRegions = new Set(map.values).size <= map.values.length * FEW_VALUES;
  const across = places(width, seen.left, seen.width, map.width, inRegions);
  const down = places(height, seen.top, seen.height, map.height, inRegions);
  down.forEach((vertical, row) => {
    if (!vertical) return;
    across.forEach((horizontal, column) => {
      if (!horizontal) return;
      const upper = mix(map, vertical.first, horizontal);
      const lower = mix(map, vertical.second, horizontal);
      field[row * width + column] = upper + (lower - upper) * vertical.share;
    });
  });
  return field;
}

function places(size, start, length, cells, whole) {
  return Array.from({ length: size }, (_, pixel) => {
    const share = (pixel + 0.5 - start) / length;
    if (share < 0 || share >= 1) return null;
    const middle = whole ? Math.floor(share * cells) : share * cells - 0.5;
    const place = Math.min(cells - 1, Math.max(0, middle));
    const first = Math.floor(place);
    return { first, second: Math.min(cells - 1, first + 1), share: place - first };
  });
}

function mix({ width, values }, row, { first, second, share }) {
  const left = values[row * width + first];
  return left + (values[row * width + second] - left) * share;
}

/** Lay squares over a drawing: each pixel has the value of its square. */
export function laySquares(relevance, seen, { width, height }) {
  const rows = relevance.length;
  const columns = relevance[0].length;
  const field = new Float32Array(width * height).fill(NaN);
  for (let y = 0; y < height; y += 1) {
    if (y + 0.5 < seen.top || y + 0.5 >= seen.top + seen.height) continue;
    for (let x = 0; x < width; x += 1) {
      if (x + 0.5 < seen.left || x + 0.5 >= seen.left + seen.width) continue;
      const row = relevance[Math.floor(((y + 0.5) * rows) / height)];
      field[y * width + x] = row[Math.floor(((x + 0.5) * columns) / width)];
    }
  }
  return field;
}

const magnitudeIn = {
  positive: (value) => Math.max(value, 0),
  negative: (value) => Math.max(-value, 0),
  both: Math.abs,
};

/** How strong values are shown: always in proportion, counted from zero. */
export class Scale {
  /**
   * @param values as they were measured
   * @param hide percentile of the magnitudes below which nothing is shown
   */
  constructor(values, polarity, hide, flat) {
    this.polarity = polarity;
    const sorted = Float64Array.from(values, magnitudeIn[polarity]).sort();
    const largest = sorted[sorted.length - 1];
    this.hiddenBelow = hide > 0 ? percentile(sorted, hide) : 0;
    this.fullAt = flat ? 0 : percentile(sorted, CLIP_ABOVE) || largest;
    this.clipped = this.fullAt > 0 && largest > this.fullAt;
  }

  /** −1 to 1; 0 for what is hidden. */
  strength(value) {
    const magnitude = magnitudeIn[this.polarity](value);
    if (!this.fullAt || magnitude < this.hiddenBelow) return 0;
    const strength = Math.min(1, magnitude / this.fullAt);
    return this.polarity === 'negative' || (this.polarity === 'both' && value < 0)
      ? -strength
      : strength;
  }

  /** Lowest and highest value of the colour bar. */
  get ends() {
    return [
      this.polarity === 'positive' ? 0 : -this.fullAt,
      this.polarity === 'negative' ? 0 : this.fullAt,
    ];
  }
}

/** Linear between neighbours, as NumPy's. */
function percentile(sorted, percent) {
  const place = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** A colour map from the server's table; `at` gives the index of a colour's first byte. */
export class Colours {
  constructor({ table, two_sided: twoSided, covers }) {
    this.bytes = Uint8Array.from(table.match(/../g), (digits) => parseInt(digits, 16));
    this.twoSided = twoSided;
    this.covers = covers;
  }

  at(strength, polarity) {
    const halves = this.twoSided || (polarity === 'both' && !this.covers);
    const place = halves ? 0.5 + 0.5 * strength : Math.abs(strength);
    return 3 * Math.round(255 * place);
  }
}

/** Lay colours over the pixels of a picture (`ImageData`); gives new ones. */
export function paint(picture, field, scale, colours, { opacity, grey }) {
  const painted = new ImageData(picture.width, picture.height);
  const from = picture.data;
  const to = painted.data;
  for (let pixel = 0; pixel < field.length; pixel += 1) {
    const at = 4 * pixel;
    const seen = !Number.isNaN(field[pixel]);
    const strength = seen ? scale.strength(field[pixel]) : 0;
    const share = colours.covers
      ? opacity * (1 - Math.abs(strength))
      : Math.min(Math.abs(strength), opacity);
    const colour = colours.covers ? 0 : colours.at(strength, scale.polarity);
    const bright = GREY[0] * from[at] + GREY[1] * from[at + 1] + GREY[2] * from[at + 2];
    for (let channel = 0; channel < 3; channel += 1) {
      const below = grey ? bright : from[at + channel];
      to[at + channel] = seen
        ? below * (1 - share) + colours.bytes[colour + channel] * share
        : from[at + channel] * UNSEEN_BRIGHTNESS + stripe(pixel, picture.width);
    }
    to[at + 3] = 255;
  }
  return painted;
}

const stripe = (pixel, width) =>
  (Math.floor(((pixel % width) + Math.floor(pixel / width)) / HATCH_PX) % 2) * UNSEEN_STRIPE;

/** The colour bar as one row of pixels (`ImageData`); what is hidden is white. */
export function bar(scale, colours, width) {
  const row = new ImageData(width, 1);
  const [low, high] = scale.ends;
  for (let x = 0; x < width; x += 1) {
    const value = low + ((high - low) * x) / (width - 1);
    const hidden = Math.abs(value) < scale.hiddenBelow;
    const colour = colours.at(scale.strength(value), scale.polarity);
    for (let channel = 0; channel < 3; channel += 1) {
      row.data[4 * x + channel] = hidden ? 255 : colours.bytes[colour + channel];
    }
    row.data[4 * x + 3] = 255;
  }
  return row;
}
