/** The language of lessons: each has an address of its own, and English is the one without. */

import { currentLanguage, remember } from './language.js';
import { languageSwitch } from './shell.js';

const ENGLISH = 'en';
const here = document.documentElement.lang;
const folder = (code) => (code === ENGLISH ? '/lessons/' : `/lessons/${code}/`);
const inLanguage = (code) => folder(code) + location.pathname.slice(folder(here).length);

if (here === ENGLISH && currentLanguage() !== ENGLISH) {
  // Whoever comes without having asked for a language reads the one of all pages.
  location.replace(inLanguage(currentLanguage()));
}

languageSwitch(document.querySelector('#language'), here, (code) => {
  remember(code);
  location.assign(inLanguage(code));
});
