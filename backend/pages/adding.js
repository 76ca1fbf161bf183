/** Adding a classifier: files in, progress, then a welcome or a kind error. */

import * as api from './api.js';
import { acceptDrops, isPicture, modelsIn } from './files.js';
import { percent, t } from './language.js';
import { labelTags, tryAddress } from './models.js';
import { make, notice } from './shell.js';

/**
 * Accept model files dropped on `area` or chosen with the button `choose` and its file `input`.
 * What happens is told in `status`; `onAdded` gets every new model.
 */
export function startAdding({ area, choose, input, status, name, onAdded }) {
  const welcomed = (model) => {
    name.value = '';
    status.append(welcome(model));
    onAdded(model);
  };
  const add = async (files) => {
    await addAll(files, { status, name: name.value.trim(), onAdded: welcomed });
    status.scrollIntoView({ block: 'nearest' });
  };
  choose.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    add([...input.files]);
    input.value = ''; // So that the same file can be chosen again.
  });
  acceptDrops(area, add);
}

/**
 * Send the models among `files`, telling how it goes in `status`; `onAdded(model)` gets each of
 * them. If there is but one, it is called `name`.
 */
export async function addAll(files, { status, name = '', onAdded }) {
  status.replaceChildren();
  const models = modelsIn(files);
  if (!models.length) status.append(notice(nothingIn(files)));
  const wanted = models.length === 1 ? name : '';
  for (const parts of models) {
    const model = await addOne(parts, wanted, status);
    if (model) await onAdded(model);
  }
}

function nothingIn(files) {
  const project = files.find(({ name }) => /\.tm$/i.test(name));
  if (project) {
    const hint = t('add.project.hint', { teach: t('card.teach') });
    return { message: t('add.project', { name: project.name }), hint };
  }
  const picture = files.find(isPicture);
  return picture
    ? { message: t('add.picture', { name: picture.name }), hint: t('add.picture.hint') }
    : { message: t('add.nothing'), hint: t('add.nothing.hint') };
}

/**
 * Send one model, showing progress in `status`.
 * @returns the model, or null after an error (which is then told in `status`)
 */
async function addOne(parts, name, status) {
  const stopper = new AbortController();
  const progress = progressBox(parts[0].name, stopper);
  status.append(progress.box);
  try {
    return await api.addModel(parts, {
      name,
      signal: stopper.signal,
      onProgress: progress.show,
    });
  } catch (trouble) {
    if (trouble.name === 'AbortError') status.append(make('p', 'notice', t('add.cancelled')));
    else if (trouble instanceof api.Trouble) status.append(notice(trouble));
    else throw trouble;
    return null;
  } finally {
    progress.box.remove();
  }
}

function progressBox(name, stopper) {
  const box = make('div', 'adding');
  const row = make('div', 'row');
  const text = make('strong');
  const stop = make('button', 'button small quiet', t('add.cancel'));
  stop.type = 'button';
  stop.addEventListener('click', () => stopper.abort());
  row.append(text, stop);
  const bar = document.createElement('progress');
  bar.max = 1;
  const hint = make('span');
  box.append(row, bar, hint);
  const show = (share) => {
    bar.setAttribute('aria-label', name);
    if (share < 1) {
      bar.value = share;
      text.textContent = t('add.sending', { name, percent: percent(share) });
    } else {
      bar.remove();
      stop.remove(); // The server has it all and finishes what it began.
      text.textContent = t('add.reading', { name });
      hint.textContent = t('add.reading.hint');
      box.append(spinner());
    }
  };
  show(0);
  return { box, show };
}

/** Three squares that fade in turn. */
export function spinner() {
  const squares = make('span', 'spinner');
  squares.append(make('i'), make('i'), make('i'));
  return squares;
}

function welcome(model) {
  const box = make('div', 'notice added');
  const face = new Image();
  face.src = '/pages/logo.svg';
  face.alt = '';
  const text = make('div');
  text.append(make('strong', '', t('add.done', { name: model.name })), labelTags(model.labels));
  const tryIt = make('a', 'button', t('models.try'));
  tryIt.href = tryAddress(model);
  box.append(face, text, tryIt);
  return box;
}
