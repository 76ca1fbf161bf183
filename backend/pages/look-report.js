/** A report of the looks: one file with pictures in it, that needs nothing else. */

import * as api from './api.js';
import { number, percent, t } from './language.js';
import { settingName, valueName, warningsOf } from './setting-words.js';
import { make } from './shell.js';

const STYLE = `
* { box-sizing: border-box; }
body { max-width: 76rem; margin: 0 auto; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: center; justify-content: space-between; margin-bottom: 1.2rem; padding-bottom: 1rem; border-bottom: 6px solid var(--sun); }
header img { max-width: 14rem; max-height: 10rem; border-radius: .8rem; }
h1, h2, h3, h4, p { margin: 0; }
h1 { font-size: 2.2rem; line-height: 1.1; }
h2 { font-size: 1.3rem; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.2rem; align-items: start; }
figure { margin: 0; }
main > figure { padding: 1rem; border-radius: 1.2rem; background: var(--white); }
body > .trust { margin-top: 1.2rem; padding: 1rem; border: 0; border-radius: 1.2rem; background: var(--white); }
main > figure > img { display: block; width: 100%; margin-bottom: .8rem; border-radius: .6rem; }
.about { color: var(--ink-soft); overflow-wrap: anywhere; }
.said { font-weight: 700; }
.warnings { margin: .6rem 0; padding: .6rem .8rem .6rem 1.8rem; border-radius: .8rem; background: var(--sun-pale); }
.facts { width: 100%; margin: .6rem 0; border-collapse: collapse; font-size: .9rem; }
.facts :is(th, td) { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
.facts th { width: 40%; font-weight: 500; color: var(--ink-soft); }
.only-read-aloud { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@page { margin: 12mm; }
@media print { body { max-width: none; padding: 0; background: none; font-size: 9pt; } header { flex-wrap: nowrap; } header img { max-height: 4.5rem; } main { grid-template-columns: 1fr 1fr; } main > figure { padding: 0; break-inside: avoid; } body > .trust { padding: 0; break-before: page; } }
`;

/**
 * The looks that have an answer, as an HTML document (`Blob`). Texts can hold anything.
 * Rejects with `Trouble` if the server is away.
 */
export async function lookReport(looks, picture) {
  const page = document.implementation.createHTMLDocument(t('look.title'));
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.dir = document.documentElement.dir;
  const charset = make('meta');
  charset.setAttribute('charset', 'utf-8');
  const width = make('meta');
  width.setAttribute('name', 'viewport');
  width.setAttribute('content', 'width=device-width, initial-scale=1');
  page.head.prepend(charset, width);
  const header = make('header');
  const words = make('div');
  words.append(make('h1', '', t('look.title')), make('p', '', t('look.lead')));
  header.append(words, imageOf(picture.canvas, t('look.picture'), 'image/jpeg'));
  const main = make('main');
  main.append(...looks.map(figure));
  page.body.append(header, main, ...looks.flatMap(checks));
  const html = page.documentElement.outerHTML; // Looks may change from here on.
  const files = ['/pages/theme.css', '/pages/look-trust.css'];
  const [theme, trusted] = await Promise.all(files.map(textOf));
  // The style goes in as text: our own pages, which allow no inline style, would refuse it.
  const style = `<style>${theme}${STYLE}${trusted}</style></head>`;
  const whole = html.replace('</head>', () => style);
  return new Blob([`<!doctype html>\n${whole}`], { type: 'text/html' });
}

const textOf = async (path) => (await api.ask(path)).text();

function imageOf(canvas, words, type = 'image/png') {
  const image = make('img');
  image.src = canvas.toDataURL(type);
  image.alt = words;
  return image;
}

function figure(look) {
  const element = make('figure');
  const image = imageOf(look.drawing(), `${look.title}. ${look.sentence()}`);
  const caption = make('figcaption');
  const warnings = make('ul', 'warnings');
  warnings.append(...warningsOf(look.result).map((warning) => make('li', '', warning)));
  caption.append(
    make('h2', '', look.title),
    make('p', 'about', look.purpose.textContent),
    make('p', '', look.answer.textContent),
    make('p', 'said', look.sentence()),
    ...(look.result.warnings.length ? [warnings] : []),
    facts(look)
  );
  element.append(image, caption);
  return element;
}

/** What was asked and answered. */
function facts({ modelName, result }) {
  const { target, example_score: score, approx_error: error, settings, seconds } = result;
  const lines = [
    [t('answer.classifier'), modelName],
    [t('look.label'), target],
    [t('look.score'), number(score, 3)],
    ...(error === null ? [] : [[t('look.error'), percent(error)]]),
    ...Object.entries(settings).map(([name, value]) => [settingName(name), valueName(name, value)]),
    [t('look.seconds'), number(seconds, 2)],
  ];
  const table = make('table', 'facts');
  for (const [name, value] of lines) {
    const row = table.insertRow();
    const head = make('th', '', name);
    head.scope = 'row';
    row.append(head, make('td', '', String(value)));
  }
  return table;
}

/** Whether the map can be trusted, if that was asked; canvases become pictures. */
function checks(look) {
  const section = look.trust.element.querySelector('.trust');
  if (!section) return [];
  const copy = section.cloneNode(true);
  const canvases = section.querySelectorAll('canvas');
  copy.querySelectorAll('canvas').forEach((canvas, index) => {
    const image = imageOf(canvases[index], '');
    image.className = canvas.className;
    canvas.replaceWith(image);
  });
  copy.querySelector('details').open = true;
  copy.querySelector('.trust-title').after(make('p', 'about', look.heading.textContent));
  return [copy];
}
