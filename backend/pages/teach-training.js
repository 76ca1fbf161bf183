/** Teaching: its settings, the button, and how far it is. */

import * as teachApi from './teach-api.js';
import { number, percent, t } from './language.js';
import { Newest } from './newest.js';
import { make } from './shell.js';

const ASK_EVERY_MS = 600;
const CHANGES = ['flip', 'shift', 'light', 'zoom'];
/** How many lessons are usual, as in `backend/teaching/lesson.py`. */
const USUAL_LESSONS = { head: 50, network: 30 };
const BUSY = ['queued', 'running'];
const MINUTE_S = 60;

const find = (selector) => document.querySelector(selector);

/**
 * `current()` gives the collection and what is watched, `{id, labels, probes}`; `onJob(job)`
 * hears how it goes on, `onTrouble(trouble)` what went wrong.
 */
export class Training {
  #job = null;
  #extractors = [];
  #following = new Newest();
  #isBeginning = false;
  #id = '';

  constructor({ current, onJob, onTrouble }) {
    this.current = current;
    this.onJob = onJob;
    this.onTrouble = onTrouble;
    find('#teach-go').addEventListener('click', () => this.#begin(false));
    find('#teach-resume').addEventListener('click', () => this.#begin(true));
    find('#teach-stop').addEventListener('click', () => this.#stop());
    find('#way').addEventListener('change', () => this.#showWay());
  }

  get busy() {
    return BUSY.includes(this.#job?.state);
  }

  /** Show what can be chosen: the extractors at hand. */
  async load() {
    const answer = await teachApi.extractors();
    if (!answer) return;
    this.#extractors = answer.extractors;
    find('#extractor').replaceChildren(...answer.extractors.map(({ id }) => new Option('', id)));
    find('#extractor').value = answer.default;
    find('#extractor-field').hidden = false;
    this.#showWay();
  }

  /** Show the job of this collection, and follow it. */
  follow(id, job) {
    const isNewest = this.#following.begin();
    this.#id = id;
    this.#show(job);
    this.#ask(isNewest);
  }

  /** Switches with a picture of what each does. */
  showChanges({ again = false } = {}) {
    const { labels } = this.current();
    const picture = labels.flatMap(({ pictures }) => pictures)[0];
    for (const change of [...CHANGES, 'background']) {
      const image = find(`#change-${change} img`);
      const url = picture ? teachApi.preview(picture.url, change) : '';
      if (image.dataset.url === url && !again) continue;
      image.dataset.url = url;
      image.hidden = true; // until it has come
      image.onload = () => (image.hidden = false);
      if (url) image.src = again ? `${url}&again=${Date.now()}` : url;
    }
  }

  relabel() {
    if (this.#job) this.#write();
    this.#showWay();
  }

  /** Say again how it stands: examples may have changed. */
  restate() {
    find('#teach-state').textContent = this.#sentence(this.#job);
  }

  #showWay() {
    this.#extractors.forEach(({ kind }, at) => {
      find('#extractor').options[at].text = t(`teach.eyes.${kind}`);
    });
    const way = find('[name=way]:checked').value;
    find('#epochs').placeholder = USUAL_LESSONS[way];
    find('#extractor').disabled = way === 'network';
    const name = find('#extractor').selectedOptions[0]?.text;
    const known = way === 'head' && name;
    find('#extractor-named').textContent = known ? t('teach.extractor.named', { name }) : '';
  }

  /** Whether the number of lessons is one that can be given; else the field says why. */
  #allowed() {
    const epochs = find('#epochs');
    if (!epochs.checkValidity()) epochs.closest('details').open = true;
    return epochs.reportValidity();
  }

  #settings() {
    const epochs = find('#epochs').valueAsNumber;
    return {
      way: find('[name=way]:checked').value,
      ...(find('#extractor').value && { extractor: find('#extractor').value }),
      ...(epochs && { epochs }),
      augment: CHANGES.filter((change) => find(`#change-${change} input`).checked),
      other_backgrounds: find('#change-background input').checked,
      probes: this.current().probes,
    };
  }

  async #begin(resume) {
    const { id } = this.current();
    if (this.#isBeginning || (!resume && !this.#allowed())) return;
    this.#isBeginning = true; // A double click teaches once.
    await this.#try(async () => {
      const called = t('teach.collection.unnamed'); // if nobody has named it
      const settings = resume ? { resume } : this.#settings();
      const job = await teachApi.teach(id, { ...settings, called });
      if (id !== this.#id) return; // Another collection was chosen meanwhile.
      this.follow(id, job);
      find('#teach-stop').focus();
    });
    this.#isBeginning = false;
  }

  async #stop() {
    await this.#try(async () => {
      const id = this.#id;
      await teachApi.stopTeaching(id);
      const job = await teachApi.training(id);
      if (id === this.#id) this.#show(job);
    });
  }

  async #try(action) {
    try {
      await action();
    } catch (trouble) {
      this.onTrouble(trouble);
    }
  }

  async #ask(isNewest) {
    while (isNewest() && this.busy) {
      await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
      if (!isNewest()) return;
      try {
        const job = await teachApi.training(this.#id);
        if (isNewest()) this.#show(job);
      } catch (trouble) {
        // Away: the page's banner says so, and it is asked again.
        if (isNewest() && trouble.status !== 0) this.onTrouble(trouble);
      }
    }
  }

  #show(job) {
    this.#job = job;
    this.#write();
    this.onJob(job);
  }

  #write() {
    const job = this.#job;
    const busy = this.busy;
    const state = job?.state;
    find('#teach-go').hidden = busy;
    find('#teach-go').textContent = state === 'done' ? t('teach.again') : t('teach.go');
    find('#teach-resume').hidden = !(['stopped', 'failed'].includes(state) && job.resumable);
    find('#teach-stop').hidden = !busy;
    find('#teach-progress').hidden = !busy && state !== 'stopped';
    if (job) this.#showProgress(job);
    this.restate();
  }

  #showProgress({ epoch, epochs, accuracy, seconds_left: left }) {
    const bar = find('#teach-bar');
    if (epochs) bar.value = epoch / epochs;
    else bar.removeAttribute('value');
    const facts = [
      epochs ? t('teach.lesson', { epoch: number(epoch), epochs: number(epochs) }) : '',
      accuracy === null ? '' : t('teach.accuracy', { percent: percent(accuracy) }),
      left === null || !this.busy ? '' : timeLeft(left),
    ];
    find('#teach-facts').replaceChildren(
      ...facts.filter(Boolean).map((fact) => make('li', '', fact))
    );
  }

  #sentence(job) {
    if (!job) return '';
    if (job.state === 'queued') return t('teach.queued');
    if (job.state === 'running') {
      if (job.stage === 'preparing') return t('teach.preparing');
      return job.stage === 'teaching' ? t('teach.teaching') : t('teach.finishing');
    }
    if (job.state === 'stopped') return t('teach.stopped');
    if (job.state !== 'done') return '';
    return t(this.current().changed ? 'teach.changed' : 'teach.done');
  }
}

function timeLeft(seconds) {
  return seconds < MINUTE_S
    ? t('teach.seconds', { count: number(Math.max(1, Math.round(seconds))) })
    : t('teach.minutes', { count: number(Math.ceil(seconds / MINUTE_S)) });
}
