// What reaches the project of the keys that are pressed.

import { SAVED } from './projects.js';

const KEEPING_FOCUS = '[class*=stage-header], [class*=controls_controls-container], [role=tab]';
const MENU_BAR = '[class*=menu-bar_menu-bar_]';
const MENU_BUTTON = 'button[class*=menu-bar_menu-bar-item]';
const LATIN = /^[\x20-\x7e]$/;

// Scratch hears keys only while nothing has the focus. A click on the stop sign, beside the flag or
// on a tab leaves it there, a menu stays open after it did what was chosen, and one that closes
// leaves it on its button: no key would reach the project until the stage is clicked.
export function keepKeysForTheProject(vm) {
  const letGo = (places) => document.activeElement?.closest(places)?.blur();
  document.addEventListener('click', ({ detail, target }) => {
    const byPointer = detail > 0;
    if (byPointer && target.closest(KEEPING_FOCUS)) document.activeElement?.blur();
  });
  // After what Scratch does about it, and also where Scratch makes no click of it.
  document.addEventListener('pointerup', ({ target }) => {
    if (!target.closest(MENU_BAR)) setTimeout(() => letGo(MENU_BUTTON));
  });
  const closeMenu = () => {
    const item = document.activeElement?.closest('[class*=menu_menu]');
    item?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    setTimeout(() => letGo(MENU_BUTTON));
  };
  for (const done of ['TURBO_MODE_ON', 'TURBO_MODE_OFF', SAVED]) vm.on(done, closeMenu);
  vm.runtime.on('PROJECT_LOADED', closeMenu);
}

// Projects ask for the key X. Where another script is written, Scratch hears only the letter on it,
// such as the Arabic one: the key counts as the Latin letter at its place as well.
export function hearOtherKeyboards(vm) {
  const hear = ({ type, target, key, code }) => {
    const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
    const writing = target !== document && target !== document.body;
    const isDown = type === 'keydown';
    if (!letter || key.length > 1 || LATIN.test(key) || (isDown && writing)) return;
    vm.postIOData('keyboard', { key: letter.toLowerCase(), isDown });
  };
  document.addEventListener('keydown', hear);
  document.addEventListener('keyup', hear);
}
