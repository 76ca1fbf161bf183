// The page's own screens: while loading, when something is missing, when nothing works.

import { isRightToLeft, language, words } from './words.js';

const byId = (id) => document.getElementById(id);

export function startLoading() {
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft ? 'rtl' : 'ltr';
  byId('loading-text').textContent = words.loading;
}

export function opened() {
  // The editor lays itself out for the direction of its own language.
  document.documentElement.dir = 'ltr';
  byId('loading').remove();
}

// Shows a kind message over the page; `cause` is the small print for grown-ups.
export function notice({ title, text }, cause = null) {
  byId('notice-title').textContent = title;
  byId('notice-text').textContent = text;
  byId('notice-detail').textContent = cause ? String(cause.message ?? cause).slice(0, 300) : '';
  byId('notice-button').textContent = words.ok;
  const dialog = byId('notice');
  dialog.dir = isRightToLeft ? 'rtl' : 'ltr';
  if (!dialog.open) dialog.showModal();
  return dialog;
}

// The editor itself could not start.
export function failed(error) {
  console.error(error);
  const dialog = notice(words.failed, error);
  byId('notice-button').textContent = words.tryAgain;
  dialog.addEventListener('close', () => location.reload(), { once: true });
}
