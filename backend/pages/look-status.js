/** What a look is doing: working, stopped, failed, or what it found. */

import { t } from './language.js';
import { make, notice } from './shell.js';
import { written } from './written.js';

/** A small button whose text follows the language; `write()` gives it. */
export function smallButton(write, onClick) {
  const button = written(make('button', 'button small quiet'), write);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

export class Status {
  #share = make('progress');
  #live = make('div');
  #more = make('div');

  constructor() {
    this.element = make('div', 'look-status');
    this.#live.setAttribute('aria-live', 'polite');
    this.element.append(this.#live, this.#more);
    this.#share.max = 1;
  }

  working(onStop) {
    const spinner = make('span', 'spinner');
    spinner.append(make('i'), make('i'), make('i'));
    this.#share.hidden = true;
    this.#share.setAttribute('aria-label', t('look.working'));
    const text = written(make('p'), () => t('look.working'));
    const stop = smallButton(() => t('look.stop'), onStop);
    this.#write(spinner, text, this.#share, stop);
  }

  progress(share) {
    this.#share.hidden = false;
    this.#share.value = share;
  }

  stopped(onAgain) {
    const again = smallButton(() => t('look.again'), onAgain);
    const text = written(make('p'), () => t('look.stopped'));
    this.#write(text, again);
    again.focus();
  }

  failed(trouble, onAgain) {
    const again = smallButton(() => t('look.again'), onAgain);
    this.#write(notice(trouble), again);
  }

  /**
   * Say `write()` in the language in use, and the warnings that `warnings()` gives; `more` is
   * not read aloud by itself.
   */
  found(write, warnings, more) {
    const list = make('ul', 'look-warnings');
    const items = warnings().map((_, index) => written(make('li'), () => warnings()[index]));
    list.append(...items);
    const said = written(make('p', 'look-said'), write);
    this.#write(said, ...(items.length ? [list] : []));
    this.#more.append(...more);
  }

  #write(...parts) {
    this.#live.replaceChildren(...parts);
    this.#more.replaceChildren();
  }
}
