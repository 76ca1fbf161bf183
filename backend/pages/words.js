/**
 * Every text of the pages, in every language.
 * `{name}` is filled in; `error.CODE` (with `.hint`) stands in for the server's English text.
 */

import { ar } from './words/ar.js';
import { de } from './words/de.js';
import { en } from './words/en.js';
import { es } from './words/es.js';
import { fr } from './words/fr.js';
import { ja } from './words/ja.js';
import { lookAr } from './words/look-ar.js';
import { lookDe } from './words/look-de.js';
import { lookEn } from './words/look-en.js';
import { lookEs } from './words/look-es.js';
import { lookFr } from './words/look-fr.js';
import { lookJa } from './words/look-ja.js';
import { teachAr } from './words/teach-ar.js';
import { teachDe } from './words/teach-de.js';
import { teachEn } from './words/teach-en.js';
import { teachEs } from './words/teach-es.js';
import { teachFr } from './words/teach-fr.js';
import { teachJa } from './words/teach-ja.js';

/** What each language calls itself. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  ar: 'العربية',
};

export const WORDS = {
  en: { ...en, ...lookEn, ...teachEn },
  de: { ...de, ...lookDe, ...teachDe },
  es: { ...es, ...lookEs, ...teachEs },
  fr: { ...fr, ...lookFr, ...teachFr },
  ja: { ...ja, ...lookJa, ...teachJa },
  ar: { ...ar, ...lookAr, ...teachAr },
};
