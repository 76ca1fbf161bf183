/** What is worth mending before teaching, each with the pictures that show it. */

import * as teachApi from './teach-api.js';
import { currentLanguage, hasText, t } from './language.js';
import { make } from './shell.js';

const PICTURES_SHOWN = 8;

/** The checks as a list of cards; the server's own words in English. */
export function checkItems(checks) {
  return checks.map(({ code, message, hint, labels, pictures }) => {
    const item = make('li', 'check');
    item.dataset.check = code;
    const known = currentLanguage() !== 'en' && hasText(`error.${code}`);
    const label = labels.join(', ');
    const title = make('strong', '', known ? t(`error.${code}`, { label }) : message);
    const text = make('p', '', known ? t(`error.${code}.hint`, { label }) : hint);
    title.dir = text.dir = known ? '' : 'auto';
    item.append(title, text);
    if (pictures.length) item.append(pictureRow(pictures));
    return item;
  });
}

/** Small pictures in a row. */
export function pictureRow(pictures, shown = PICTURES_SHOWN) {
  const row = make('div', 'picture-row');
  for (const { url, label } of pictures.slice(0, shown)) {
    const image = new Image();
    image.src = teachApi.thumbnail(url);
    image.loading = 'lazy';
    image.alt = label ? t('teach.picture', { label }) : '';
    row.append(image);
  }
  return row;
}
