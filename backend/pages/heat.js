/** Maps as numbers in the browser, and the colours that stand for them; as backend/drawing. */

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

/** The map of an answer of /api/explain, or null where only squares were measured. */
export const mapOf = ({ raw, raw_of: of }) => (of === 'pixels' ? decodeNpy(raw) : null);

/** The part of a map over the input that shows the picture. */
export function cut({ width, values }, placed) {
  const part = new Float32Array(placed.width * placed.height);
  for (let row = 0; row < placed.height; row += 1) {
    const start = (placed.top + row) * width + placed.left;
    part.set(values.subarray(start, start + placed.width), row * placed.width);
  }
  return { height: placed.height, width: placed.width, values: part };
}

const magnitudeIn = {
  positive: (value) => Math.max(value, 0),
  negative: (value) => Math.max(-value, 0),
  both: Math.abs,
};

/** Sorting takes longest, and sliders leave values as they are. */
const SORTED = new WeakMap();

function sortedMagnitudes(values, polarity) {
  if (!SORTED.has(values)) SORTED.set(values, {});
  const known = SORTED.get(values);
  known[polarity] ??= Float64Array.from(values, magnitudeIn[polarity]).sort();
  return known[polarity];
}

/** How strong values are shown: always in proportion, counted from zero. */
export class Scale {
  /**
   * @param values as they were measured
   * @param view `polarity`, and percentiles of the magnitudes: below `hide` nothing is shown,
   *   from `strongest` on colours are strongest
   */
  constructor(values, { polarity, hide, strongest }, flat) {
    this.polarity = polarity;
    const sorted = sortedMagnitudes(values, polarity);
    const largest = sorted[sorted.length - 1];
    this.hiddenBelow = hide > 0 ? percentile(sorted, hide) : 0;
    this.fullAt = flat ? 0 : percentile(sorted, Math.max(hide, strongest)) || largest;
    this.clipped = this.fullAt > 0 && largest > this.fullAt;
  }

  /** Whether a value is not hidden. */
  shows(value) {
    return this.fullAt > 0 && magnitudeIn[this.polarity](value) >= this.hiddenBelow;
  }

  /** −1 to 1; 0 for what is hidden. */
  strength(value) {
    const magnitude = magnitudeIn[this.polarity](value);
    if (!this.shows(value)) return 0;
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
