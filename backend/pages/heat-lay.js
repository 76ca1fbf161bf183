/** Laying a map over a drawing of the picture, as backend/drawing/laying.py does it. */

const FEW_VALUES = 1 / 16; // a map with a smaller share of different values is made of regions

const sinc = (x) => (x ? Math.sin(Math.PI * x) / (Math.PI * x) : 1);

/** How cells are mixed, and how many cells far; the same as Pillow's. */
const WAYS = {
  box: { reach: 0.5, share: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, share: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos: { reach: 3, share: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Whether a map has so few different values that it is made of regions. */
export const isInRegions = ({ values }) => new Set(values).size <= values.length * FEW_VALUES;

/**
 * Lay a map over the box `seen` of a drawing (px of the drawing); NaN where nothing is seen.
 * @param way `box`, `bilinear` or `lanczos`; a map that is made of regions keeps their edges
 */
export function lay(map, seen, { width, height }, way) {
  const across = span(width, seen.left, seen.width, map.width);
  const down = span(height, seen.top, seen.height, map.height);
  const inRegions = isInRegions(map);
  const beyond = [-across.from, across.to - map.width, -down.from, down.to - map.height];
  const margin = Math.ceil(Math.max(0, ...beyond));
  const [horizontal, vertical] = [across, down].map((one) =>
    inRegions ? nearest(one) : mixed(one, margin, WAYS[way])
  );
  const narrow = resampledRows(map, horizontal);
  const field = new Float32Array(width * height).fill(NaN);
  vertical.forEach(({ first, shares }, row) => {
    const start = (down.first + row) * width + across.first;
    for (let column = 0; column < across.count; column += 1) {
      let sum = 0;
      for (let tap = 0; tap < shares.length; tap += 1) {
        sum += shares[tap] * narrow[within(first + tap, map.height) * across.count + column];
      }
      field[start + column] = sum;
    }
  });
  return field;
}

/** The pixels whose middles lie in the box, and from where to where they reach in the map. */
function span(size, start, length, cells) {
  const first = Math.min(Math.max(0, Math.ceil(start - 0.5)), size - 1);
  const end = Math.max(first + 1, Math.min(size, Math.ceil(start + length - 0.5)));
  const [from, to] = [first, end].map((pixel) => ((pixel - start) * cells) / length);
  return { first, count: end - first, from, to, cells };
}

const within = (index, cells) => Math.min(cells - 1, Math.max(0, index));

/** The one cell that each pixel shows. */
function nearest({ count, from, to }) {
  return Array.from({ length: count }, (_, pixel) => {
    const middle = from + ((pixel + 0.5) * (to - from)) / count;
    return { first: Math.floor(middle), shares: [1] };
  });
}

/** The cells that each pixel mixes; `margin` cells beyond the map repeat its outermost ones. */
function mixed({ count, from, to, cells }, margin, { reach, share }) {
  const all = cells + 2 * margin;
  const low = Math.max(0, from + margin);
  const scale = (Math.min(all, to + margin) - low) / count;
  const stretch = Math.max(1, scale);
  return Array.from({ length: count }, (_, pixel) => {
    const middle = low + (pixel + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - reach * stretch + 0.5));
    const end = Math.min(all, Math.trunc(middle + reach * stretch + 0.5));
    const shares = Array.from({ length: end - first }, (_, tap) =>
      share((first + tap - middle + 0.5) / stretch)
    );
    const sum = shares.reduce((one, other) => one + other, 0);
    return { first: first - margin, shares: shares.map((one) => one / sum) };
  });
}

function resampledRows({ width, height, values }, pixels) {
  const rows = new Float32Array(height * pixels.length);
  for (let row = 0; row < height; row += 1) {
    pixels.forEach(({ first, shares }, pixel) => {
      let sum = 0;
      for (let tap = 0; tap < shares.length; tap += 1) {
        sum += shares[tap] * values[row * width + within(first + tap, width)];
      }
      rows[row * pixels.length + pixel] = sum;
    });
  }
  return rows;
}

/**
 * Lay squares over a drawing: each pixel has the value of its square.
 * @param picture its size in px: squares end at whole pixels of the picture
 */
export function laySquares(relevance, seen, { width, height }, picture) {
  const down = span(height, seen.top, seen.height, 1);
  const across = span(width, seen.left, seen.width, 1);
  const rows = squareOfEach(height, picture.height, relevance.length);
  const columns = squareOfEach(width, picture.width, relevance[0].length);
  const field = new Float32Array(width * height).fill(NaN);
  for (let y = down.first; y < down.first + down.count; y += 1) {
    for (let x = across.first; x < across.first + across.count; x += 1) {
      field[y * width + x] = relevance[rows[y]][columns[x]];
    }
  }
  return field;
}

/** The square that shows each of `size` pixels of the drawing. */
function squareOfEach(size, pictureSize, squares) {
  const ends = Array.from({ length: squares }, (_, square) =>
    Math.floor(((square + 1) * pictureSize) / squares)
  );
  return Array.from({ length: size }, (_, pixel) => {
    const place = Math.floor(((pixel + 0.5) * pictureSize) / size);
    return ends.findIndex((end) => place < end);
  });
}
