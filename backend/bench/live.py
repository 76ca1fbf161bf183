"""Relevance that moves live: the real Scratch editor in headless Chromium, and its own frames."""

import os
import shutil
from typing import Any

from backend.bench.server import Server
from backend.bench.timing import NotMeasured

LONGEST_START_MS = 60_000
WARMING_UP_S = 2.0
MOVES_EACH_MS = 20
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

# The editor keeps its Scratch machine to itself.
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
RUN = """
([block, values]) => {
  const { runtime } = vm;
  return runtime._primitives[`peekaboo_${block}`](values, { target: runtime.getTargetForStage() });
}
"""
COUNT = """
() => {
  const { runtime } = vm;
  const step = runtime._step.bind(runtime);
  const fetched = window.fetch;
  Object.assign(window, { frames: 0, maps: 0 });
  runtime._step = () => { window.frames++; step(); };
  window.fetch = async (address, ...rest) => {
    const answer = await fetched(address, ...rest);
    if (`${address}`.includes('/api/relevance') && answer.ok) window.maps++;
    return answer;
  };
}
"""
"""Counts what Scratch calls frames, in which the project's scripts go on, and maps that came."""
NOW = "() => ({ at: performance.now(), frames: window.frames, maps: window.maps })"


def live(server: Server, model: str, watched_s: float) -> dict[str, Any]:
    """Start a browser and let it be `watched`.

    Raises:
        NotMeasured: there is no browser, or no Scratch editor.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NotMeasured("Playwright is not installed") from None
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise NotMeasured("no Chromium on this computer")
    with sync_playwright() as running:
        arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        browser = running.chromium.launch(executable_path=chromium, args=arguments)
        try:
            return watched(browser.new_page(), server.address, model, watched_s)
        except Error as problem:
            raise NotMeasured(f"the editor did not open: {problem.message[:200]}") from problem
        finally:
            browser.close()


def watched(page: Any, address: str, model: str, watched_s: float) -> dict[str, Any]:
    """Maps and frames per second while a character follows the mouse.

    Args:
        page: an empty one, of a browser.
        address: of the server.
        watched_s: how long to count maps and frames, and then frames without maps.

    Returns:
        per second: `maps`, `frames` meanwhile, and `frames_without`, while nothing is measured.
    """
    page.add_init_script(EXPOSE_VM)
    page.goto(f"{address}/editor?project=live")
    page.wait_for_selector("#loading", state="detached", timeout=LONGEST_START_MS)
    page.wait_for_selector(".blocklyFlyout .blocklyBlockCanvas > *", timeout=LONGEST_START_MS)
    page.evaluate(RUN, ["useModel", {"MODEL": model}])
    page.evaluate(COUNT)
    page.click("[class*=green-flag_green-flag]")
    _move(page, WARMING_UP_S)
    with_maps = _move(page, watched_s)
    page.evaluate(RUN, ["keepShowing", {"ON": "off"}])
    _move(page, WARMING_UP_S / 4)
    without = _move(page, watched_s)
    return {
        "maps": with_maps["maps"],
        "frames": with_maps["frames"],
        "frames_without": without["frames"],
    }


def _move(page: Any, for_s: float) -> dict[str, float]:
    """Move the mouse across the stage; maps and frames per second meanwhile."""
    stage = page.locator("[class*=stage_stage_] canvas").first.bounding_box()
    begun = now = page.evaluate(NOW)
    step = 0
    while now["at"] - begun["at"] < 1000 * for_s:
        step += 1
        across = abs(step * 4 % 640 - 320) / 320
        page.mouse.move(stage["x"] + across * stage["width"], stage["y"] + stage["height"] / 2)
        page.wait_for_timeout(MOVES_EACH_MS)
        now = page.evaluate(NOW)
    seconds = (now["at"] - begun["at"]) / 1000
    return {what: round((now[what] - begun[what]) / seconds, 1) for what in ("maps", "frames")}
