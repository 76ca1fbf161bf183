/** What the numbers of a map are, in the language in use. */

import { hasText, t } from './language.js';

/** The unit as people read it; one that is not known stays as the server says it. */
export function unitInWords(unit) {
  const words = unit.match(/[a-z]+/g).join('_');
  const key = `unit.${words}${unit.endsWith('²') ? '_squared' : ''}`;
  return hasText(key) ? t(key) : unit;
}
