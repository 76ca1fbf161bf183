/** Where pictures come from: drop, paste, choose, the pictures that we bring, the camera. */

import * as api from './api.js';
import * as teachApi from './teach-api.js';
import { acceptDrops, filesOf, isPicture, PICTURES } from './files.js';
import { t } from './language.js';
import { Newest } from './newest.js';
import { pictureFrom, pictureFromVideo } from './picture.js';
import { make } from './shell.js';

const MOST_EXAMPLES = 8;
const NOT_UNDERSTOOD = 415;
const sampleLists = new Newest();
const choices = new Newest();
const cameras = new Newest();

const find = (selector) => document.querySelector(selector);

/**
 * Offer every way in. `onPicture(Picture)` gets pictures, `onModelFiles(files)` everything that
 * is no picture, `onTrouble(trouble)` what went wrong.
 */
export function startSources(handlers) {
  const { onModelFiles, onTrouble } = handlers;
  const open = async (file) => {
    try {
      await show(opened(file), handlers);
    } catch (trouble) {
      // Too large, or nobody there: that is said; of what is no picture, there is no more to say.
      if (trouble instanceof api.Trouble && trouble.status !== NOT_UNDERSTOOD) {
        onTrouble(trouble);
        return;
      }
      const message = t('try.unreadable', { name: file.name });
      onTrouble({ message, hint: t('try.unreadable.hint') });
    }
  };
  const take = async (dropped) => {
    const files = dropped.filter(({ name }) => !name.startsWith('.')); // not those systems hide
    const picture = files.find(isPicture);
    const others = files.filter((file) => !isPicture(file));
    if (others.length || !picture) await onModelFiles(others);
    if (picture) await open(picture);
  };
  const input = find('#file');
  input.accept = PICTURES;
  find('#choose').addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    take([...input.files]);
    input.value = ''; // So that the same picture can be chosen again.
  });
  acceptDrops(document.body, take);
  document.addEventListener('paste', async (event) => {
    const files = await filesOf(event.clipboardData);
    if (files.length) take(files);
  });
  startCamera(handlers);
}

/**
 * Hand on the picture that is being opened, unless another one was chosen meanwhile.
 * @returns whether it was
 */
async function show(opening, { onPicture }) {
  const isNewest = choices.begin();
  try {
    const picture = await opening;
    if (!isNewest()) return false;
    closeCamera();
    onPicture(picture);
    return true;
  } catch (trouble) {
    if (isNewest()) throw trouble;
    return false;
  }
}

async function opened(file) {
  try {
    return await pictureFrom(file);
  } catch {
    // Browsers tell no reasons: this one does not know the format, or the file is broken.
    return pictureFrom(await api.openedByServer(file));
  }
}

/**
 * Show pictures to begin with: examples of the classifier `model`, if it was taught here, and
 * those that come with Peekaboo; `onPicture(Picture)` gets the chosen one.
 */
export async function showSamples(model, { onPicture, onTrouble }) {
  const isNewest = sampleLists.begin();
  const [own, { pictures }] = await Promise.all([examplesOf(model), api.parade()]);
  if (!isNewest()) return; // Another classifier was chosen meanwhile.
  const samples = [...own, ...pictures];
  const list = find('#sample-list');
  list.replaceChildren(...samples.map((sample) => sampleItem(sample, { onPicture, onTrouble })));
  find('#samples').hidden = !samples.length;
}

/** The first example of each label, then the second ones, and so on; a few of them. */
async function examplesOf(model) {
  const { collections } = await teachApi.collections();
  const taught = collections.find((collection) => collection.model === model);
  if (!taught) return [];
  const { labels } = await teachApi.collection(taught.id);
  const inTurns = labels.flatMap(({ label, pictures }) =>
    pictures.map(({ name, url }, turn) => ({ turn, name, label, url }))
  );
  return inTurns
    .sort((one, other) => one.turn - other.turn)
    .slice(0, MOST_EXAMPLES)
    .map((one) => ({ ...one, thumbnail: teachApi.thumbnail(one.url) }));
}

function sampleItem({ name, label, url, thumbnail = url }, { onPicture, onTrouble }) {
  const item = make('li');
  const button = make('button');
  button.type = 'button';
  button.dataset.sample = name;
  button.setAttribute('aria-pressed', false);
  const image = new Image();
  Object.assign(image, { src: thumbnail, alt: label, loading: 'lazy' });
  button.append(image);
  button.addEventListener('click', async () => {
    try {
      const isShown = await show(api.pictureFile(url).then(opened), { onPicture });
      if (isShown) button.setAttribute('aria-pressed', true);
    } catch (trouble) {
      if (!(trouble instanceof api.Trouble)) throw trouble;
      onTrouble(trouble);
    }
  });
  item.append(button);
  return item;
}

/** No sample is the shown picture any more. */
export function unmarkSamples() {
  for (const button of document.querySelectorAll('[data-sample]')) {
    button.setAttribute('aria-pressed', false);
  }
}

const stop = (stream) => stream?.getTracks().forEach((track) => track.stop());

/** Let go of the camera, also of one that is still being opened. */
function closeCamera() {
  cameras.begin();
  const box = find('#camera-box');
  stop(find('#video').srcObject);
  find('#video').srcObject = null;
  if (box.contains(document.activeElement)) find('#camera').focus(); // The buttons go away.
  box.hidden = true;
  find('main').classList.remove('with-camera');
}

function startCamera(handlers) {
  const video = find('#video');
  const take = find('#camera-take');
  find('#camera').addEventListener('click', async () => {
    closeCamera();
    const isNewest = cameras.begin();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: true });
    } catch {
      // No camera, not allowed, or (over plain http) no mediaDevices at all: the same for people.
      handlers.onTrouble({ message: t('try.camera.none'), hint: t('try.camera.hint') });
      return;
    }
    if (!isNewest()) {
      stop(stream);
      return;
    }
    video.srcObject = stream;
    take.disabled = true; // There is no picture to take before the first one is shown.
    find('#camera-box').hidden = false;
    find('main').classList.add('with-camera');
    try {
      await video.play();
    } catch (trouble) {
      if (!isNewest()) return; // Closed before it began.
      throw trouble;
    }
    take.disabled = false;
    take.focus();
  });
  take.addEventListener('click', () => show(pictureFromVideo(video), handlers));
  find('#camera-stop').addEventListener('click', closeCamera);
}
