"""The Scratch editor as programs look at it: the browser that opens it, and when it is there."""

import os
import shutil

LONGEST_START_S = 60
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

# The editor keeps its Scratch machine to itself; this lets programs wait for its scripts, and run
# blocks without dragging them.
EXPOSE_VM = """
let gui;
Object.defineProperty(window, 'GUI', {
  configurable: true,
  get: () => gui,
  set: (loaded) => {
    gui = { ...loaded };
    gui.EditorState = function (...settings) {
      const state = new loaded.EditorState(...settings);
      window.vm = state.store.getState().scratchGui.vm;
      return state;
    };
  },
});
"""
READY = """
!document.querySelector('#loading') &&
Boolean(document.querySelector('.blocklyFlyout .blocklyBlockCanvas > *'))
"""


def chromium() -> str | None:
    """Where this computer's Chromium is; None if it has none. `CHROMIUM` can name it."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)), None)
