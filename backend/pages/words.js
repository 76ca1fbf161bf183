/**
 * Every text of the start page and of "Try a picture", in every language.
 * `{name}` is filled in; `error.CODE` (with `.hint`) stands in for the server's English text.
 */

import { ar } from './words/ar.js';
import { de } from './words/de.js';
import { en } from './words/en.js';
import { es } from './words/es.js';
import { fr } from './words/fr.js';
import { ja } from './words/ja.js';

/** What each language calls itself. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  ar: 'العربية',
};

export const WORDS = { en, de, es, fr, ja, ar };
