// The global `Scratch` object that extensions in TurboWarp's form expect, for the official editor.
// Only what such an extension needs to register itself and to reach the stage.

const BlockType = {
  BOOLEAN: 'Boolean',
  BUTTON: 'button',
  COMMAND: 'command',
  CONDITIONAL: 'conditional',
  EVENT: 'event',
  HAT: 'hat',
  LABEL: 'label',
  LOOP: 'loop',
  REPORTER: 'reporter',
};

const ArgumentType = {
  ANGLE: 'angle',
  BOOLEAN: 'Boolean',
  COLOR: 'color',
  IMAGE: 'image',
  MATRIX: 'matrix',
  NOTE: 'note',
  NUMBER: 'number',
  STRING: 'string',
};

const TargetType = { SPRITE: 'sprite', STAGE: 'stage' };

const Cast = {
  toNumber: (value) => Number(value) || 0,
  toString: (value) => String(value),
  // As in Scratch: these three texts, 0 and false itself are false, everything else is true.
  toBoolean: (value) =>
    typeof value === 'string' ? !['', '0', 'false'].includes(value.toLowerCase()) : Boolean(value),
};

export function createScratch(vm) {
  const registered = [];
  return {
    registered,
    vm,
    // The renderer is attached when the stage is drawn for the first time.
    get renderer() {
      return vm.renderer;
    },
    extensions: {
      unsandboxed: true,
      register: (extension) => registered.push(extension),
    },
    BlockType,
    ArgumentType,
    TargetType,
    Cast,
    translate: {
      get language() {
        return vm.getLocale();
      },
    },
    fetch: (url, options) => fetch(url, options),
    canFetch: (url) => Promise.resolve(new URL(url, location.href).origin === location.origin),
  };
}

// Runs the extension's file and registers what it announces. This has to happen before a project
// that uses the extension is opened: the editor has no way to load it by itself.
export async function loadExtension(vm, scratch, runFile) {
  window.Scratch = scratch;
  await runFile();
  const manager = vm.extensionManager;
  for (const extension of scratch.registered) {
    const { id } = extension.getInfo();
    const service = manager._registerInternalExtension(withoutLabels(extension));
    manager._loadedExtensions.set(id, service);
  }
  if (scratch.registered.length === 0) {
    throw new Error('peekaboo.js registered no extension');
  }
}

// TurboWarp has text labels between blocks, the official editor would refuse them.
function withoutLabels(extension) {
  const getInfo = extension.getInfo.bind(extension);
  extension.getInfo = () => {
    const info = getInfo();
    const isLabel = (block) => block.blockType === BlockType.LABEL;
    return { ...info, blocks: info.blocks.map((block) => (isLabel(block) ? '---' : block)) };
  };
  return extension;
}
