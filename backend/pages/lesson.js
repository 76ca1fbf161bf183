/** A sheet on the screen: printing it, and keeping what was written while the tab is open. */

import { inTab } from './storage.js';

const marks = [...document.querySelectorAll(':is(.name-line, .sheet) :is(input, textarea)')];
const fields = marks.filter((mark) => mark.type !== 'checkbox');
const place = `sheet ${location.pathname}`;

function keep() {
  const kept = marks.map((mark) => (mark.type === 'checkbox' ? mark.checked : mark.value));
  inTab.set(place, JSON.stringify(kept));
}

function restore() {
  const kept = JSON.parse(inTab.get(place) ?? '[]');
  if (kept.length !== marks.length) return;
  marks.forEach((mark, index) => {
    if (mark.type === 'checkbox') mark.checked = kept[index];
    else mark.value = kept[index];
  });
}

/** Fields cut off on paper what is longer than they are; text beside them does not. */
function writeBeside(field) {
  const written = document.createElement('span');
  written.className = 'written';
  written.style.setProperty('--lines', field.parentElement.querySelectorAll('i').length);
  field.after(written);
}

function writeOut() {
  for (const field of fields) field.nextElementSibling.textContent = field.value;
}

// On paper a link leads nowhere: where the same is on the computer is printed behind it.
const { way } = document.querySelector('.sheet').dataset;
for (const link of document.querySelectorAll(".sheet a[href^='/']")) {
  link.dataset.address = link.host + link.pathname + link.search;
  link.dataset.way = way;
}
fields.forEach(writeBeside);
restore();
writeOut();
document.addEventListener('input', keep);
document.addEventListener('input', writeOut);
document.querySelector('#print').addEventListener('click', () => window.print());
