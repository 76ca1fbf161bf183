/** Rows × columns of squares that together cover a picture; the same boxes as the server's. */
export class Grid {
  constructor(rows, columns, picture) {
    this.rows = rows;
    this.columns = columns;
    this.picture = picture;
  }

  /** `along` squares along the longer side, and as many along the other as keep them square. */
  static along(longSide, picture) {
    const { width, height } = picture;
    const shorter = Math.max(
      1,
      Math.round((longSide * Math.min(width, height)) / Math.max(width, height))
    );
    return width >= height
      ? new Grid(shorter, longSide, picture)
      : new Grid(longSide, shorter, picture);
  }

  /** Pixels of a square; `right` and `bottom` are outside. Row and column count from 0. */
  box(row, column) {
    const { width, height } = this.picture;
    return {
      left: Math.floor((column * width) / this.columns),
      top: Math.floor((row * height) / this.rows),
      right: Math.floor(((column + 1) * width) / this.columns),
      bottom: Math.floor(((row + 1) * height) / this.rows),
    };
  }

  get count() {
    return this.rows * this.columns;
  }

  /** Every `{row, column}`, along the rows from the top left. */
  squares() {
    return Array.from({ length: this.count }, (_, index) => ({
      row: Math.floor(index / this.columns),
      column: index % this.columns,
    }));
  }

  index(row, column) {
    return row * this.columns + column;
  }
}

/** Lay an element over a box of a picture (or canvas), whatever size that has on the page. */
export function layOver(element, { left, top, right, bottom }, { width, height }) {
  element.style.left = `${(100 * left) / width}%`;
  element.style.top = `${(100 * top) / height}%`;
  element.style.width = `${(100 * (right - left)) / width}%`;
  element.style.height = `${(100 * (bottom - top)) / height}%`;
}
