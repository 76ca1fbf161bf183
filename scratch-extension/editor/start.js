// Opens the official Scratch editor with Peekaboo's blocks and a project.
// Everything comes from this server: the page makes no request to anywhere else.

import { createScratch, loadExtension } from './scratch-object.js';
import { captureLibraries, fetchPictures, fillLibraries } from './library.js';
import { EditorStorage, fetchProject } from './storage.js';
import {
  addExtensionUrl,
  forgetChangesWhenSaved,
  keepEditorOnBrokenProject,
  skipUnknownExtensions,
} from './projects.js';
import { hearOtherKeyboards, keepKeysForTheProject } from './keys.js';
import { keepPaletteScrolling, showBlocksOf } from './palette.js';
import { failed, notice, opened, startLoading } from './messages.js';
import { chosen, language, remember, words } from './words.js';

const EXTENSION_ID = 'peekaboo';
const FIRST_PROJECT = 'demo';
const LEAST_WIDTH_PX = 1024;
const OWN_MARK = '/editor/wordmark.svg';

async function start() {
  startLoading();
  showAllOf(LEAST_WIDTH_PX);
  const { name, address, title } = wantedProject();
  const fetching = fetchProject(address, language);
  const fetchingPictures = fetchPictures();
  const libraries = captureLibraries();
  await loadScript('/scratch-gui-standalone.js');
  libraries.stop();

  const storage = new EditorStorage(window.GUI);
  const state = new window.GUI.EditorState({ locale: chosen }, () => ({ storage }));
  const { vm } = state.store.getState().scratchGui;
  await loadExtension(vm, createScratch(vm), () => loadScript('/peekaboo.js'));

  addExtensionUrl(vm, EXTENSION_ID);
  forgetChangesWhenSaved(vm, state.store);
  keepEditorOnBrokenProject(vm, storage, (error) => notice(words.brokenProject, error));

  skipUnknownExtensions(vm, (id) => notice(words.missingBlocks, id));

  const project = await fetching;
  if (project.data) {
    storage.keepProject(name, project.data);
  } else {
    notice(words.noSuchProject, project.reason);
  }
  await mount(state, { projectId: project.data ? name : storage.emptyProjectId, title });
  keepOwnMark();
  keepLanguage(state.store);
  keepKeysForTheProject(vm);
  hearOtherKeyboards(vm);
  keepPaletteScrolling();
  try {
    fillLibraries(libraries.lists(), storage, await fetchingPictures);
  } catch (error) {
    console.warn('No pictures:', error); // The editor works without them.
  }
  opened();
  await showBlocksOf(EXTENSION_ID);
}

// The editor is never narrower: on a tablet that is held upright everything becomes smaller.
function showAllOf(width) {
  if (screen.width < width) {
    document.querySelector('meta[name=viewport]').content = `width=${width}`;
  }
}

// A project of the lessons, or the one made of somebody's own classifier and its pictures.
function wantedProject() {
  const wanted = new URLSearchParams(location.search);
  const collection = wanted.get('collection');
  if (collection) {
    const address = `/api/collections/${encodeURIComponent(collection)}/project`;
    return { name: collection, address, title: wanted.get('title') ?? '' };
  }
  const name = wanted.get('project') || FIRST_PROJECT;
  const address = `/projects/${encodeURIComponent(name)}.sb3`;
  return { name, address, title: name.replaceAll('-', ' ') };
}

// Resolves when the project is on the stage.
function mount(state, { projectId, title }) {
  const element = document.getElementById('editor');
  window.GUI.setAppElement(element);
  const root = window.GUI.createStandaloneRoot(state, element);
  return new Promise((resolve) => {
    const render = () =>
      root.render({
        basePath: '/',
        projectId,
        projectTitle: `Peekaboo ${title}`.trim(),
        canEditTitle: true,
        canSave: false,
        showComingSoon: false,
        backpackVisible: false,
        // The editor asks before it replaces a project only if the user owns that project.
        userOwnsProject: state.store.getState().scratchGui.projectChanged,
        onClickLogo: () => location.assign('/'),
        onClickAbout: aboutMenu(),
        onProjectLoaded: resolve,
      });
    let changed = false;
    state.store.subscribe(() => {
      const { projectChanged } = state.store.getState().scratchGui;
      if (projectChanged !== changed) {
        changed = projectChanged;
        render();
      }
    });
    render();
  });
}

// Peekaboo is not a product of the Scratch Foundation, so it does not run under its logo. The
// editor draws that again now and then, for example when its language changes.
function keepOwnMark() {
  const replace = () => {
    const logo = document.getElementById('logo_img');
    if (logo && logo.getAttribute('src') !== OWN_MARK) {
      Object.assign(logo, { src: OWN_MARK, alt: 'Peekaboo' });
    }
  };
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ['src'] };
  new MutationObserver(replace).observe(document.getElementById('editor'), changes);
  replace();
}

// A language that is chosen in the editor is that of all pages, also of the next visit.
function keepLanguage(store) {
  let last = store.getState().locales.locale;
  store.subscribe(() => {
    const { locale, isRtl } = store.getState().locales;
    if (locale === last) return;
    last = locale;
    Object.assign(document.documentElement, { lang: locale, dir: isRtl ? 'rtl' : 'ltr' });
    remember(locale);
  });
}

function aboutMenu() {
  return [
    { title: words.startPage, onClick: () => location.assign('/') },
    // In a tab of its own: what is taught there is used here.
    { title: words.teach, onClick: () => window.open('/teach', '_blank', 'noopener') },
    { title: words.lessons, onClick: () => location.assign('/lessons/') },
    { title: words.aboutScratch, onClick: () => notice(words.notAffiliated) },
  ];
}

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} did not arrive`));
    document.head.append(script);
  });
}

start().catch(failed);
