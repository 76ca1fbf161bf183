/** What pages keep in the browser; where it allows none, they keep it as long as they are open. */

class Kept {
  #area;
  #meanwhile = new Map();

  /** `area()` gives the browser's storage, or throws. */
  constructor(area) {
    this.#area = area;
  }

  /** The text kept under a name, or null. */
  get(name) {
    try {
      return this.#area().getItem(name);
    } catch {
      return this.#meanwhile.get(name) ?? null;
    }
  }

  set(name, text) {
    try {
      this.#area().setItem(name, text);
    } catch {
      this.#meanwhile.set(name, text);
    }
  }

  remove(name) {
    try {
      this.#area().removeItem(name);
    } catch {
      this.#meanwhile.delete(name);
    }
  }
}

/** Until the tab is closed: the next child at this computer finds nothing. */
export const inTab = new Kept(() => sessionStorage);

/** For the next time, too. */
export const onComputer = new Kept(() => localStorage);
