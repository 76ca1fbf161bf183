/** Texts of elements that scripts make, so that they can be written again in another language. */

import { make } from './shell.js';

const WRITERS = new WeakMap();

/** Let `write()` give the text of an element. */
export function written(element, write) {
  element.textContent = write();
  element.dataset.written = '';
  WRITERS.set(element, write);
  return element;
}

/** A label with its text above its control. */
export function labelled(write, control) {
  const label = make('label', 'field');
  label.append(written(make('span'), write), control);
  return label;
}

/** Write every such text below `root` in the language in use. */
export function writeAgain(root) {
  for (const element of root.querySelectorAll('[data-written]')) {
    element.textContent = WRITERS.get(element)();
  }
}
