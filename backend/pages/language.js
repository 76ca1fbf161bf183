/** Which language the page speaks, and how it says things in it. */

import { onComputer } from './storage.js';
import { LANGUAGES, WORDS } from './words.js';

const RIGHT_TO_LEFT = ['ar'];
const USUAL_PORT = '8000';
const REMEMBERED = 'peekaboo.language';
const listeners = [];

let language = firstChoice();

function firstChoice() {
  const wishes = [onComputer.get(REMEMBERED), ...navigator.languages].filter(Boolean);
  return wishes.map((wish) => wish.split('-')[0]).find((wish) => wish in LANGUAGES) ?? 'en';
}

/** How Peekaboo is started here: the address tells the port. */
function startCommand() {
  const python = navigator.userAgent.includes('Windows') ? 'py' : 'python3';
  const port = location.port && location.port !== USUAL_PORT ? ` --port ${location.port}` : '';
  return `${python} run.py${port}`;
}

/** The text `key`, with each `{name}` replaced by `values.name`, and `{command}` in all of them. */
export function t(key, values = {}) {
  const text = WORDS[language][key] ?? WORDS.en[key];
  if (text === undefined) throw new Error(`No text called ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    standAlone(name === 'command' ? startCommand() : values[name])
  );
}

/** Keep labels of one writing direction from shuffling a sentence of the other. */
const standAlone = (value) =>
  RIGHT_TO_LEFT.includes(language) ? `\u2068${value}\u2069` : String(value);

/** Whether the text `key` exists in the language in use. */
export const hasText = (key) => key in WORDS[language];

/** The language in use, as in `LANGUAGES`. */
export const currentLanguage = () => language;

/** A share 0..1 as people read it; near 0 % and 100 % with decimals, so that changes show. */
export function percent(share) {
  const nearTheEnd = share > 0.99 || share < 0.01;
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: nearTheEnd ? 2 : 0,
  }).format(share);
}

/** A number with at most `digits` decimals. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, {
    maximumFractionDigits: digits,
    signDisplay: 'negative', // never "-0"
  }).format(value);
}

/** Fill in every `data-words`, `data-words-label` and `data-words-placeholder` below `root`. */
export function translate(root = document) {
  for (const element of root.querySelectorAll('[data-words]')) {
    element.textContent = t(element.dataset.words);
  }
  for (const element of root.querySelectorAll('[data-words-label]')) {
    element.setAttribute('aria-label', t(element.dataset.wordsLabel));
  }
  for (const element of root.querySelectorAll('[data-words-placeholder]')) {
    element.placeholder = t(element.dataset.wordsPlaceholder);
  }
}

/** Call `listener` whenever another language is chosen. */
export const onLanguage = (listener) => listeners.push(listener);

/** Speak `code` the next time. */
export const remember = (code) => onComputer.set(REMEMBERED, code);

/** Speak `code` from now on, and the next time. */
export function speak(code) {
  language = code;
  remember(code);
  applyLanguage();
  for (const listener of listeners) listener();
}

/** Write the texts and the writing direction of the current language into the page. */
export function applyLanguage() {
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
  translate();
}
