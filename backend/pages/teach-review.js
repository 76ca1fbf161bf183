/** After teaching: which labels it mixes up, its surprising mistakes, what it looks at. */

import * as teachApi from './teach-api.js';
import { number, percent, t } from './language.js';
import { make } from './shell.js';
import { pictureRow } from './teach-checks.js';

const CELL_PICTURES = 40;
const BLEND_PX = 160;
const STRONG_OUTSIDE = 0.5;

const find = (selector) => document.querySelector(selector);

export class Review {
  #review = null;

  /** Show a review, or none. */
  show(review) {
    this.#review = review;
    find('#step-review').hidden = !review;
    if (review) this.#write();
  }

  relabel() {
    if (this.#review) this.#write();
  }

  #write() {
    const { accuracy, looks_at: looks, surprising, sure_and_wrong: sure } = this.#review;
    const tested = this.#review.confusion.flat().reduce((sum, count) => sum + count, 0);
    find('#review-accuracy').textContent = tested
      ? t('teach.review.accuracy', { percent: percent(accuracy), count: number(tested) })
      : t('teach.review.untested');
    const hardly = (tested && this.#review.hardly_tested) || [];
    find('#review-hardly').replaceChildren(
      ...hardly.map((label) => make('span', '', t('teach.review.hardly', { label }) + ' '))
    );
    find('#confusion').hidden = !tested;
    this.#writeTable();
    find('#cell').replaceChildren();
    const mistakes = [...sure, ...surprising].filter(
      ({ name }, index, all) => all.findIndex((other) => other.name === name) === index
    );
    find('#mistakes').replaceChildren(...mistakes.map(mistake));
    find('#mistakes-part').hidden = !mistakes.length;
    find('#looks-at').replaceChildren(...looks.map((look) => this.#look(look)));
  }

  #writeTable() {
    const { labels, confusion } = this.#review;
    const table = find('#confusion');
    const head = make('tr');
    head.append(make('td'), ...labels.map((label) => heading(label, 'col')));
    const rows = confusion.map((counts, row) => {
      const line = make('tr');
      const all = counts.reduce((sum, count) => sum + count, 0);
      line.append(
        heading(labels[row], 'row'),
        ...counts.map((count, column) => this.#cell(row, column, count, all))
      );
      return line;
    });
    table.tBodies[0].replaceChildren(head, ...rows);
  }

  #cell(row, column, count, all) {
    const { labels } = this.#review;
    const cell = make('td', row === column ? 'right' : 'wrong');
    if (!count) {
      cell.append(make('span', 'none', number(0)));
      return cell;
    }
    const open = make('button', '', number(count));
    open.type = 'button';
    open.style.setProperty('--share', String(count / all));
    const sentence = t('teach.review.cell', {
      count: number(count),
      label: labels[row],
      said: labels[column],
    });
    open.setAttribute('aria-label', sentence);
    open.addEventListener('click', () => {
      const text = make('p', '', sentence);
      const pictures = this.#review.cells[row][column];
      find('#cell').replaceChildren(text, pictureRow(pictures, CELL_PICTURES));
    });
    cell.append(open);
    return cell;
  }

  /** All pictures of a label laid over each other, under the squares that mattered on average. */
  #look({ label, relevance, outside, pictures }) {
    const item = make('li', 'probe');
    const picture = make('div', 'probe-picture');
    const canvas = make('canvas');
    canvas.width = canvas.height = BLEND_PX;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', t('teach.review.looks', { label }));
    blend(canvas, pictures);
    const squares = make('div', 'probe-squares');
    squares.style.gridTemplate = `repeat(${relevance.length}, 1fr) / repeat(${relevance[0].length}, 1fr)`;
    const most = Math.max(...relevance.flat());
    squares.append(
      ...relevance.flat().map((value) => {
        const square = make('i');
        square.style.opacity = most > 0 ? String(1 - Math.max(0, value) / most) : '1';
        return square;
      })
    );
    picture.append(canvas, squares);
    const name = make('strong', '', label);
    name.dir = 'auto';
    item.append(picture, name);
    if (outside !== null) {
      const share = make('p', '', t('teach.review.outside', { percent: percent(outside) }));
      share.classList.toggle('warning', outside >= STRONG_OUTSIDE);
      item.append(share);
    }
    return item;
  }
}

/** The mean of pictures, painted as they come. */
function blend(canvas, pictures) {
  const context = canvas.getContext('2d');
  let painted = 0;
  for (const { url } of pictures) {
    const image = new Image();
    image.onload = () => {
      painted += 1;
      context.globalAlpha = 1 / painted;
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
    };
    image.src = teachApi.thumbnail(url);
  }
}

function heading(label, scope) {
  const head = make('th');
  const name = make('span', '', label);
  name.dir = 'auto';
  name.title = label;
  head.scope = scope;
  head.append(name);
  return head;
}

function mistake({ url, label, said, confidence }) {
  const item = make('li', 'mistake');
  const image = new Image();
  image.src = teachApi.thumbnail(url);
  image.alt = t('teach.picture', { label });
  image.onerror = () => image.replaceWith(make('p', 'small-print', t('teach.picture.gone')));
  const text = make('p', '', t('teach.review.mistake', { label, said }));
  const sure = make('p', 'small-print', t('teach.review.sure', { percent: percent(confidence) }));
  item.append(image, text, sure);
  return item;
}
