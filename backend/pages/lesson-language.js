/** The language of lessons: each has an address of its own, and English is the one without. */

import { currentLanguage, remember } from './language.js';
import { languageSwitch } from './shell.js';

const ENGLISH = 'en';
const here = document.documentElement.lang;
const folder = (code) => (code === ENGLISH ? '/lessons/' : `/lessons/${code}/`);
const inLanguage = (code) => {
  const rest = location.pathname.slice(folder(here).length);
  return folder(code) + rest + location.search + location.hash;
};
const isWithinLessons = document.referrer.startsWith(`${location.origin}/lessons/`);

if (here === ENGLISH && currentLanguage() !== ENGLISH && !isWithinLessons) {
  // Whoever comes without having chosen a language here reads the one of all pages.
  location.replace(inLanguage(currentLanguage()));
}

languageSwitch(document.querySelector('#language'), here, (code) => {
  remember(code);
  location.assign(inLanguage(code));
});
