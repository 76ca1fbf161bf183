/** The start page: the picture at the top, the list of classifiers, and the place to drop one. */

import { startAdding } from './adding.js';
import { onLanguage } from './language.js';
import { ModelList } from './models.js';
import { startShell } from './shell.js';

/** How far each square of the picture at the top fades: the owl's eyes are what matters. */
const GHOSTS = [
  [0, 0, 0, 5, 5, 0, 0, 0],
  [0, 0, 40, 55, 55, 40, 0, 0],
  [0, 10, 92, 100, 100, 92, 10, 0],
  [0, 0, 60, 95, 95, 60, 0, 0],
  [0, 0, 10, 35, 35, 10, 0, 0],
  [0, 0, 0, 5, 5, 0, 0, 0],
];
const HIDDEN_FOR_MS = 700;

function startHero(box) {
  const owl = new Image();
  owl.src = '/pages/hero.svg';
  owl.alt = '';
  const squares = document.createElement('div');
  squares.className = 'hero-squares';
  const cells = GHOSTS.flat().map(() => document.createElement('i'));
  squares.append(...cells);
  box.append(owl, squares);
  setTimeout(() => {
    GHOSTS.flat().forEach((ghost, index) => {
      cells[index].style.opacity = 1 - ghost / 100;
    });
  }, HIDDEN_FOR_MS);
}

const list = new ModelList({
  list: document.querySelector('#models'),
  message: document.querySelector('#models-message'),
  title: document.querySelector('#models-title'),
  // That something is ready may have been said of just this one.
  onDeleted: () => document.querySelector('#add-status').replaceChildren(),
});

startHero(document.querySelector('#hero'));
startShell(() => list.load());
startAdding({
  area: document.body,
  choose: document.querySelector('#add-choose'),
  input: document.querySelector('#add-files'),
  status: document.querySelector('#add-status'),
  name: document.querySelector('#add-name'),
  onAdded: () => list.load(),
});
onLanguage(() => list.show());
list.load();
