"""Opens a lesson's project in the Scratch editor, for the pictures in `screens.py`."""

from playwright.sync_api import Page

# The editor keeps its Scratch machine to itself; this lets us wait for its scripts, and run blocks
# without dragging them.
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


def open_project(page: Page, address: str, name: str) -> None:
    """Open a project in the editor and press the green flag."""
    page.add_init_script(EXPOSE_VM)
    page.goto(f"{address}/editor?project={name}")
    page.wait_for_selector("#loading", state="hidden", timeout=60_000)
    page.wait_for_selector(".blocklyFlyout .blocklyBlockCanvas > *")
    page.click("[class*=green-flag_green-flag]")
