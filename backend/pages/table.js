/** Tables that scroll by themselves where they are too wide. */

import { make } from './shell.js';

/** A table (in its box) with a caption; the first cell of every row is its head. */
export function table(title, heads, rows) {
  const element = make('table');
  element.append(make('caption', '', title));
  const first = element.createTHead().insertRow();
  for (const text of heads) {
    const head = make('th', '', text);
    head.scope = 'col';
    first.append(head);
  }
  const body = element.createTBody();
  for (const [name, ...cells] of rows) {
    const row = body.insertRow();
    const head = make('th', '', name);
    head.scope = 'row';
    row.append(head, ...cells.map((text) => make('td', '', text)));
  }
  const box = make('div', 'table-scroll');
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', title);
  box.append(element);
  return box;
}
