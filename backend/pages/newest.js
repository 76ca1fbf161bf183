/** Answers can overtake each other: one counts only if nothing newer was asked. */

export class Newest {
  #asked = 0;

  /** Ask something new. @returns a function that tells whether it is still the newest */
  begin() {
    this.#asked += 1;
    const own = this.#asked;
    return () => own === this.#asked;
  }
}
