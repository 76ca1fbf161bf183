// As much of Scratch as Peekaboo's extension asks for before one of its blocks runs: enough to read
// which blocks it has (window.peekaboo.getInfo()), in the language of the page.

window.Scratch = {
  extensions: {
    unsandboxed: true,
    register: (extension) => {
      window.peekaboo = extension;
    },
  },
  translate: { language: document.documentElement.lang || 'en' },
  BlockType: { COMMAND: 'command', REPORTER: 'reporter', BOOLEAN: 'Boolean' },
  ArgumentType: { STRING: 'string', NUMBER: 'number' },
  vm: { runtime: { on() {} }, extensionManager: { refreshBlocks() {} } },
};
