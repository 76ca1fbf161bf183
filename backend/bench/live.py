"""Relevance that moves live: the real Scratch editor in headless Chromium, and its own frames."""

import json
import time
from typing import Any

from backend.bench.editor import EXPOSE_VM, LONGEST_START_S, READY, chromium
from backend.bench.server import Server
from backend.bench.timing import NotMeasured

WARMING_UP_S = 3.0

RUN = """
((block, values) => {
  const { runtime } = vm;
  return runtime._primitives[`peekaboo_${block}`](values, { target: runtime.getTargetForStage() });
})
"""
BEGIN = """
(() => {
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
  document.querySelector('[class*=green-flag_green-flag]').click();
  const stage = document.querySelector('[class*=stage_stage_] canvas');
  let moves = 0;
  setInterval(() => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    const across = Math.abs(((moves++ * 6) % 640) - 320) / 320;
    const at = { clientX: left + across * width, clientY: top + height / 2, bubbles: true };
    stage.dispatchEvent(new MouseEvent('mousemove', at));
  }, 30);
})()
"""
"""Counts what Scratch calls frames, in which the project's scripts go on, and maps that came;
presses the green flag; and moves the mouse, which the project's character follows."""
NOW = "({ at: performance.now(), frames: window.frames, maps: window.maps })"


def live(server: Server, model: str, watched_s: float) -> dict[str, Any]:
    """Start a browser and let it be `watched`.

    Raises:
        NotMeasured: there is no browser, or no Scratch editor.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NotMeasured("Playwright is not installed") from None
    found = chromium()
    if found is None:
        raise NotMeasured("no Chromium on this computer")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            return watched(browser, server.address, model, watched_s)
        except Error as problem:
            raise NotMeasured(f"the editor did not open: {problem.message[:200]}") from problem
        finally:
            browser.close()


def watched(browser: Any, address: str, model: str, watched_s: float) -> dict[str, Any]:
    """Maps and frames per second while a character follows the mouse.

    Args:
        browser: of Playwright.
        address: of the server.
        watched_s: how long to count maps and frames, and then frames without maps.

    Returns:
        per second: `maps`, `frames` meanwhile, and `frames_without`, while nothing is measured.

    Raises:
        NotMeasured: the editor does not open.
    """
    page = _Unobserved(browser)
    try:
        page.open(f"{address}/editor?project=live")
        page.evaluate(f"{RUN}('useModel', {json.dumps({'MODEL': model})})")
        page.evaluate(BEGIN)
        with_maps = _per_second(page, watched_s)
        page.evaluate(f"{RUN}('keepShowing', {{ ON: 'off' }})")
        without = _per_second(page, watched_s)
    finally:
        page.close()
    return {
        "maps": with_maps["maps"],
        "frames": with_maps["frames"],
        "frames_without": without["frames"],
    }


def _per_second(page: "_Unobserved", for_s: float) -> dict[str, float]:
    time.sleep(WARMING_UP_S)
    begun = page.evaluate(NOW)
    time.sleep(for_s)
    now = page.evaluate(NOW)
    seconds = (now["at"] - begun["at"]) / 1000
    return {what: round((now[what] - begun[what]) / seconds, 1) for what in ("maps", "frames")}


class _Unobserved:
    """A page of which Playwright does not know.

    From its own pages it has all that they send told, which costs more than all else: with
    twelve pictures of the stage in a second, a whole core.
    """

    def __init__(self, browser: Any):
        self._session = browser.new_browser_cdp_session()
        self._answers: dict[int, dict[str, Any]] = {}
        self._sent = 0
        self._session.on("Target.receivedMessageFromTarget", self._receive)
        context = self._session.send("Target.createBrowserContext")
        asked = {"url": "about:blank", "width": 1280, "height": 720} | context
        target = self._session.send("Target.createTarget", asked)
        self._context = context
        self._target = self._session.send("Target.attachToTarget", target | {"flatten": False})

    def open(self, address: str) -> None:
        """Open the editor, and wait until its blocks are there."""
        self._ask("Page.enable")
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=EXPOSE_VM)
        self._ask("Page.navigate", url=address)
        latest = time.monotonic() + LONGEST_START_S
        while not self.evaluate(READY):
            if time.monotonic() > latest:
                raise NotMeasured("the Scratch editor did not open")
            time.sleep(0.2)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, or of the promise that it gives."""
        found = self._ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise NotMeasured(str(found["exceptionDetails"])[:300])
        return found["result"].get("value")

    def close(self) -> None:
        """Close the page with all that is its own."""
        self._session.send("Target.disposeBrowserContext", self._context)
        self._session.detach()

    def _ask(self, method: str, **values: Any) -> dict[str, Any]:
        self._sent += 1
        message = json.dumps({"id": self._sent, "method": method, "params": values})
        self._session.send("Target.sendMessageToTarget", self._target | {"message": message})
        while self._sent not in self._answers:
            self._session.send("Browser.getVersion")  # events are heard while something is asked
        answer = self._answers.pop(self._sent)
        if "error" in answer:
            raise NotMeasured(str(answer["error"]))
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message
