/** Around every translated page: language switch, version, and whether the server lives. */

import * as api from './api.js';
import { applyLanguage, currentLanguage, onLanguage, speak, t } from './language.js';
import { LANGUAGES } from './words.js';

const CHECK_EVERY_MS = 4000;

// Fetched while the server is there: it is needed most when the server is not.
const FACE = new Image();
FACE.src = '/pages/oops.svg';
FACE.alt = '';

/** Start everything around the page; `onBack` is called when a lost server answers again. */
export function startShell(onBack) {
  applyLanguage();
  languageSwitch(document.querySelector('#language'), currentLanguage(), speak);
  watchServer(onBack);
}

/** Offer all languages, of which one is `chosen`; `choose(code)` hears of another choice. */
export function languageSwitch(select, chosen, choose) {
  for (const [code, name] of Object.entries(LANGUAGES)) {
    const option = new Option(name, code, false, code === chosen);
    option.lang = code;
    select.append(option);
  }
  select.addEventListener('change', () => choose(select.value));
}

function watchServer(onBack) {
  const banner = document.querySelector('#server');
  const version = document.querySelector('#version');
  let known = null;
  let lost = false;

  const write = () => {
    if (known) version.textContent = t('page.version', { version: known });
  };

  async function check() {
    if (document.hidden) return;
    try {
      known = (await api.health()).version;
      write();
      if (lost) onBack();
      lost = false;
    } catch (trouble) {
      if (!(trouble instanceof api.Trouble)) throw trouble;
      lost = true;
    }
    banner.hidden = !lost;
  }

  onLanguage(write);
  document.addEventListener('visibilitychange', check);
  setInterval(check, CHECK_EVERY_MS);
  check();
}

/** A message with the mascot at its side; `trouble` has `message` and `hint`. */
export function notice(trouble) {
  const box = document.createElement('div');
  box.className = 'notice problem';
  const text = document.createElement('div');
  const strong = document.createElement('strong');
  strong.textContent = trouble.message;
  const hint = document.createElement('p');
  hint.textContent = trouble.hint;
  strong.dir = hint.dir = 'auto'; // names in it may be in another script
  text.append(strong, hint);
  box.append(FACE.cloneNode(), text);
  return box;
}

/** `<name class="…">text</name>`. */
export function make(name, className = '', text = '') {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
