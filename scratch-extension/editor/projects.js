// What Peekaboo adds to opening and saving projects.

// TurboWarp opens a saved project by itself if the project names the extension's address, and it
// trusts exactly this one. The official editor ignores the key.
const EXTENSION_URL = 'http://localhost:8000/peekaboo.js';

/** What the virtual machine tells when the project was saved as a file. */
export const SAVED = 'PEEKABOO_SAVED';

const BUILT_IN_EXTENSIONS = new Set([
  'boost',
  'ev3',
  'faceSensing',
  'gdxfor',
  'makeymakey',
  'microbit',
  'music',
  'pen',
  'text2speech',
  'translate',
  'videoSensing',
  'wedo2',
]);

export function addExtensionUrl(vm, extensionId) {
  const toJSON = vm.toJSON.bind(vm);
  vm.toJSON = (...wanted) => {
    const project = JSON.parse(toJSON(...wanted));
    if (project.extensions?.includes(extensionId)) {
      project.extensionURLs = { ...project.extensionURLs, [extensionId]: EXTENSION_URL };
    }
    return JSON.stringify(project);
  };
}

// The editor asks before it leaves a changed project, but does not see that a file was saved.
export function forgetChangesWhenSaved(vm, store) {
  const save = vm.saveProjectSb3.bind(vm);
  vm.saveProjectSb3 = async () => {
    const file = await save();
    store.dispatch({ type: 'scratch-gui/project-changed/SET_PROJECT_CHANGED', changed: false });
    vm.emit(SAVED);
    return file;
  };
}

// By itself the editor replaces the whole page by an error screen if the first project does not
// open, and stays without any sprite or stage if a later one breaks half-way.
export function keepEditorOnBrokenProject(vm, storage, tell) {
  const load = vm.loadProject.bind(vm);
  let openedOne = false;
  vm.loadProject = async (project) => {
    try {
      await load(project);
      openedOne = true;
    } catch (error) {
      const isEmptyNow = vm.runtime.targets.length === 0;
      if (isEmptyNow || !openedOne) await load(await storage.emptyProject());
      if (openedOne) throw error; // The editor's own dialog tells about it.
      openedOne = true;
      tell(error);
    }
  };
}

// The editor waits for ever for an extension that it cannot find. Such a project opens without it;
// its blocks stay in the file.
export function skipUnknownExtensions(vm, tell) {
  const manager = vm.extensionManager;
  const load = manager.loadExtensionURL.bind(manager);
  manager.loadExtensionURL = async (id) => {
    if (BUILT_IN_EXTENSIONS.has(id)) {
      await load(id);
    } else if (!manager.isExtensionLoaded(id)) {
      tell(id);
    }
  };
}
