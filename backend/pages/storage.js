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
    // First what the browser had no room for: what it keeps under that name is older.
    if (this.#meanwhile.has(name)) return this.#meanwhile.get(name);
    try {
      return this.#area().getItem(name);
    } catch {
      return null;
    }
  }

  set(name, text) {
    try {
      this.#area().setItem(name, text);
      this.#meanwhile.delete(name);
    } catch {
      this.#meanwhile.set(name, text);
    }
  }

  remove(name) {
    this.#meanwhile.delete(name);
    try {
      this.#area().removeItem(name);
    } catch {
      // It keeps nothing.
    }
  }
}

/** Until the tab is closed: the next child at this computer finds nothing. */
export const inTab = new Kept(() => sessionStorage);

/** For the next time, too. */
export const onComputer = new Kept(() => localStorage);
