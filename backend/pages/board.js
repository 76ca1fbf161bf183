/** The picture with its squares: shows what was measured, lets people cover. */

import { layOver } from './grid.js';
import { number, t } from './language.js';
import { make } from './shell.js';

const MOST_EDGE_NUMBERS = 16;
const NUMBER_DIGITS = { confidence: 0, log_odds: 1 };

export class Board {
  #cells = [];
  #covered = new Set();
  #result = null;
  #unseen = [];
  #at = 0;

  /** `onCover(covered)` after a change, `onPoint(row, column)` when a square is pointed at. */
  constructor(element, { onCover, onPoint }) {
    this.element = element;
    this.onCover = onCover;
    this.onPoint = onPoint;
    this.grid = null;
    this.setView('relevance');
  }

  /** Show a picture under a fresh grid; nothing measured, nothing covered. */
  show(picture, grid) {
    this.grid = grid;
    this.#covered.clear();
    this.#result = null;
    this.#unseen = [];
    this.#at = 0;
    const squares = make('div', 'squares');
    squares.setAttribute('role', 'grid');
    squares.setAttribute('aria-multiselectable', true);
    squares.addEventListener('keydown', (event) => this.#onKey(event));
    this.#cells = [];
    for (let row = 0; row < grid.rows; row += 1) squares.append(this.#row(row));
    this.element.style.setProperty('--aspect', picture.width / picture.height);
    this.element.replaceChildren(picture.canvas, squares);
    this.relabel();
  }

  /** Count rows and columns at the edges, as sentences name them; in fine grids not each. */
  #count() {
    const { rows, columns, picture } = this.grid;
    const edge = (kind, count, middleOf) => {
      const numbers = make('p', `edge ${kind}`);
      numbers.setAttribute('aria-hidden', true); // Each square says where it is.
      const every = Math.ceil(count / MOST_EDGE_NUMBERS);
      for (let index = 0; index < count; index += every) {
        const one = make('span', '', number(index + 1));
        one.style.setProperty('--middle', `${middleOf(index)}%`);
        numbers.append(one);
      }
      return numbers;
    };
    for (const before of this.element.querySelectorAll('.edge')) before.remove();
    this.element.append(
      edge('columns', columns, (column) => {
        const { left, right } = this.grid.box(0, column);
        return (50 * (left + right)) / picture.width;
      }),
      edge('rows', rows, (row) => {
        const { top, bottom } = this.grid.box(row, 0);
        return (50 * (top + bottom)) / picture.height;
      })
    );
  }

  #row(row) {
    const line = make('div');
    line.setAttribute('role', 'row');
    for (let column = 0; column < this.grid.columns; column += 1) {
      const cell = this.#cell(row, column);
      this.#cells.push(cell);
      line.append(cell);
    }
    return line;
  }

  #cell(row, column) {
    const cell = make('button', 'square');
    cell.type = 'button';
    cell.setAttribute('role', 'gridcell');
    layOver(cell, this.grid.box(row, column), this.grid.picture);
    cell.tabIndex = row + column === 0 ? 0 : -1;
    cell.append(make('i'), make('b'));
    cell.addEventListener('click', () => this.toggle(row, column));
    cell.addEventListener('pointerenter', () => this.onPoint(row, column));
    cell.addEventListener('focus', () => this.#arrive(row, column));
    return cell;
  }

  #arrive(row, column) {
    this.#cells[this.#at].tabIndex = -1;
    this.#at = this.grid.index(row, column);
    this.#cells[this.#at].tabIndex = 0;
    this.onPoint(row, column);
  }

  #onKey(event) {
    const { rows, columns } = this.grid;
    let row = Math.floor(this.#at / columns);
    let column = this.#at % columns;
    if (event.key === 'ArrowUp') row -= 1;
    else if (event.key === 'ArrowDown') row += 1;
    else if (event.key === 'ArrowLeft') column -= 1;
    else if (event.key === 'ArrowRight') column += 1;
    else if (event.key === 'Home') column = 0;
    else if (event.key === 'End') column = columns - 1;
    else return;
    event.preventDefault();
    if (row < 0 || row >= rows || column < 0 || column >= columns) return;
    this.#cells[this.grid.index(row, column)].focus();
  }

  /** Cover a square, or uncover it. */
  toggle(row, column) {
    const index = this.grid.index(row, column);
    if (!this.#covered.delete(index)) this.#covered.add(index);
    this.#draw();
    this.onCover(this.covered());
  }

  uncover() {
    this.#covered.clear();
    this.#draw();
    this.onCover([]);
  }

  /** The covered squares as `{row, column}`. */
  covered() {
    return this.grid.squares().filter(({ row, column }) => this.#isCovered(row, column));
  }

  #isCovered(row, column) {
    return this.#covered.has(this.grid.index(row, column));
  }

  /** Squares `[row, column]` that the model does not see. */
  setUnseen(unseen) {
    this.#unseen = unseen;
    this.#draw();
  }

  /** Squares were measured: each goes black while the others wait. */
  measured(squares) {
    for (const { row, column } of squares) {
      this.#cells[this.grid.index(row, column)].classList.add('measured');
    }
  }

  /** The final answer of /api/relevance: squares fade by their ghost value. */
  finish(result) {
    this.#result = result;
    this.#draw();
  }

  /** `relevance`: the measured squares; `cover`: only what people covered themselves. */
  setView(view) {
    this.element.dataset.view = view;
  }

  setNumbers(on) {
    this.element.classList.toggle('with-numbers', on);
  }

  /**
   * Frame the box that the model sees (pixels), if that is not the whole picture.
   * @returns whether there is a frame now
   */
  frame({ left, top, width, height }) {
    const whole = this.grid.picture;
    if (width > whole.width - 1 && height > whole.height - 1) return false;
    const frame = make('div', 'seen-frame');
    layOver(frame, { left, top, right: left + width, bottom: top + height }, whole);
    this.element.append(frame);
    return true;
  }

  #draw() {
    const result = this.#result;
    for (const { row, column } of this.grid.squares()) {
      const cell = this.#cells[this.grid.index(row, column)];
      const unseen = this.#isUnseen(row, column);
      cell.classList.toggle('covered', this.#isCovered(row, column));
      cell.classList.toggle('unseen', unseen);
      cell.classList.toggle('shown', result !== null && !unseen);
      if (!result) continue;
      cell.style.setProperty('--black', 1 - result.ghost[row][column] / 100);
      const most = result.most_relevant;
      cell.classList.toggle('most', most?.row === row && most?.column === column);
      const value = cell.querySelector('b');
      value.textContent = this.#relevance(row, column);
      value.classList.toggle('little', !/[1-9١-٩]/.test(value.textContent));
    }
    this.#name();
  }

  #isUnseen(row, column) {
    return this.#unseen.some(([r, c]) => r === row && c === column);
  }

  /** The drop as a number for people: percentage points, or log-odds. */
  #relevance(row, column) {
    const { measure } = this.#result;
    return measure === 'confidence'
      ? number(100 * this.#result.confidence_drop[row][column], NUMBER_DIGITS.confidence)
      : number(this.#result.log_odds_drop[row][column], NUMBER_DIGITS.log_odds);
  }

  /** Write everything in the current language. */
  relabel() {
    if (!this.grid) return;
    this.#count();
    this.#name();
  }

  /** Name every square for screen readers. */
  #name() {
    this.element.querySelector('.squares').setAttribute('aria-label', t('board.label'));
    for (const { row, column } of this.grid.squares()) {
      const parts = [t('board.square', { row: row + 1, column: column + 1 })];
      if (this.#isUnseen(row, column)) parts.push(t('board.unseen'));
      else if (this.#result) {
        parts.push(t('board.relevance', { value: this.#relevance(row, column) }));
      }
      const covered = this.#isCovered(row, column);
      if (covered) parts.push(t('board.covered'));
      const cell = this.#cells[this.grid.index(row, column)];
      cell.setAttribute('aria-label', parts.join(', '));
      cell.setAttribute('aria-selected', covered);
    }
  }
}
