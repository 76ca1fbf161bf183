/** Files that people keep. */

import { make } from './shell.js';

const FETCHED_WITHIN_MS = 1000;

/** Let the browser keep a blob as a file. */
export function save(blob, name) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FETCHED_WITHIN_MS);
}
