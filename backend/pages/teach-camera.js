/** The camera: held down, its button takes one picture after the other. */

import { t } from './language.js';
import { Newest } from './newest.js';
import { make } from './shell.js';

const SIDE_PX = 480;
const EVERY_MS = 200;
const QUALITY = 0.9;
const MOST_WAITING = 8;

/** Why a camera cannot be used: `{message, hint}`. */
function refusal(problem) {
  if (!navigator.mediaDevices) {
    return { message: t('teach.camera.plain'), hint: t('teach.camera.plain.hint') };
  }
  if (problem.name === 'NotAllowedError') {
    return { message: t('teach.camera.refused'), hint: t('teach.camera.refused.hint') };
  }
  if (problem.name === 'NotFoundError') {
    return { message: t('teach.camera.missing'), hint: t('teach.camera.missing.hint') };
  }
  return { message: t('try.camera.none'), hint: t('teach.camera.busy.hint') };
}

export class Camera {
  #send = null;
  #timer = 0;
  #waiting = 0;
  #opening = new Newest();

  /** `onTrouble({message, hint})` hears why the camera cannot be used. */
  constructor({ onTrouble }) {
    this.onTrouble = onTrouble;
    this.element = make('div', 'teach-camera');
    this.video = make('video');
    this.video.playsInline = this.video.muted = true;
    this.record = make('button', 'button record');
    this.close = make('button', 'button small quiet');
    this.record.type = this.close.type = 'button';
    this.record.dataset.words = 'teach.camera.hold';
    this.close.dataset.words = 'try.camera.stop';
    this.element.append(this.video, this.record, this.close);
    this.close.addEventListener('click', () => this.stop());
    this.#listen();
  }

  /** Show the camera in `place`; `send(blob)` gets every picture at once and tells whether it is kept. */
  async open(place, send) {
    this.stop();
    const isNewest = this.#opening.begin();
    this.record.textContent = t('teach.camera.hold');
    this.close.textContent = t('try.camera.stop');
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch (problem) {
      this.onTrouble(refusal(problem)); // Without `mediaDevices` this is a TypeError.
      return;
    }
    if (!isNewest()) {
      for (const track of stream.getTracks()) track.stop(); // Opened elsewhere meanwhile.
      return;
    }
    this.#send = send;
    this.video.srcObject = stream;
    this.record.disabled = true; // There is no picture to take before the first one is shown.
    place.append(this.element);
    place.classList.add('with-camera');
    try {
      await this.video.play();
    } catch (problem) {
      if (problem.name === 'AbortError') return; // Closed before it began.
      throw problem;
    }
    this.record.disabled = false;
    this.record.focus();
  }

  /** Let go of the camera. */
  stop() {
    this.#opening.begin(); // One that is still being opened no longer counts.
    this.#release();
    for (const track of this.video.srcObject?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
    this.element.parentElement?.classList.remove('with-camera');
    this.element.remove();
  }

  #listen() {
    const { record } = this;
    record.addEventListener('pointerdown', (event) => {
      if (event.button) return;
      record.setPointerCapture(event.pointerId);
      this.#hold();
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) {
      record.addEventListener(end, () => this.#release());
    }
    record.addEventListener('contextmenu', (event) => event.preventDefault());
    record.addEventListener('keydown', (event) => {
      if (![' ', 'Enter'].includes(event.key)) return;
      event.preventDefault();
      if (!event.repeat) this.#hold();
    });
    record.addEventListener('keyup', () => this.#release());
    // A screen reader's click has neither pointer nor key.
    record.addEventListener('click', (event) => {
      if (!event.detail && !event.pointerType) this.#take();
    });
  }

  #hold() {
    if (this.#timer) return;
    this.record.classList.add('recording');
    this.#take();
    this.#timer = setInterval(() => this.#take(), EVERY_MS);
  }

  #release() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.record.classList.remove('recording');
  }

  /** The middle square of what the camera shows, as the classifier will see it. */
  async #take() {
    if (this.#waiting >= MOST_WAITING) return; // The server is slower than the hand.
    this.#waiting += 1;
    try {
      const { videoWidth: width, videoHeight: height } = this.video;
      const side = Math.min(width, height);
      const canvas = make('canvas');
      canvas.width = canvas.height = Math.min(SIDE_PX, side);
      const middle = [(width - side) / 2, (height - side) / 2, side, side];
      canvas.getContext('2d').drawImage(this.video, ...middle, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
      if (!(await this.#send(blob))) this.#release(); // Not kept: why is on the page.
    } finally {
      this.#waiting -= 1;
    }
  }
}
