/** A report of all looks: one file with pictures in it, that needs nothing else. */

import { t } from './language.js';
import { make } from './shell.js';

const STYLE = `
body { max-width: 70rem; margin: 0 auto; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: #211d3b; background: #fff7e8; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1.2rem; align-items: start; }
figure { margin: 0; padding: .8rem; border-radius: 1.2rem; background: #fff; break-inside: avoid; }
img { width: 100%; border-radius: .6rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid #eadfc8; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { width: 40%; font-weight: 500; }
@media print { body { padding: 0; background: none; } figure { border: 1px solid #999; } }
`;

/** The looks that have an answer, as an HTML document (`Blob`). Texts can hold anything. */
export function lookReport(looks) {
  const page = document.implementation.createHTMLDocument(t('look.title'));
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.dir = document.documentElement.dir;
  const charset = make('meta');
  charset.setAttribute('charset', 'utf-8');
  page.head.prepend(charset);
  const main = make('main');
  main.append(...looks.map(figure));
  page.body.append(make('h1', '', t('look.title')), make('p', '', t('look.lead')), main);
  // The style goes in as text: our own pages, which allow no inline style, would refuse it.
  const html = page.documentElement.outerHTML.replace('</head>', `<style>${STYLE}</style></head>`);
  return new Blob([`<!doctype html>\n${html}`], { type: 'text/html' });
}

function figure(look) {
  const element = make('figure');
  const image = make('img');
  image.src = look.drawing().toDataURL('image/png');
  image.alt = `${look.title}. ${look.sentence()}`;
  const caption = make('figcaption');
  const table = make('table');
  for (const [name, value] of Object.entries(look.facts())) {
    const row = table.insertRow();
    const head = make('th', '', name);
    head.scope = 'row';
    row.append(head, make('td', '', String(value)));
  }
  const warnings = make('ul');
  warnings.append(...look.result.warnings.map((warning) => make('li', '', warning)));
  caption.append(make('h2', '', look.title), make('p', '', look.sentence()), table, warnings);
  element.append(image, caption);
  return element;
}
