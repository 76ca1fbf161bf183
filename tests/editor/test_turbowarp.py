"""Projects open in TurboWarp by themselves: they name the address of their blocks."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from backend.projects import build_project

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SCAFFOLDING = ROOT / "node_modules/@turbowarp/packager/dist/scaffolding/scaffolding-min.js"
TRUSTED = "http://localhost:8000"
"""The only address from which TurboWarp loads an extension without its sandbox."""
PAGE = "<!doctype html><div id=player></div><script src=/test/scaffolding.js></script>"
OPEN = """async project => {
    const player = new Scaffolding.Scaffolding();
    player.setup();
    player.appendTo(document.getElementById('player'));
    const {vm} = player;
    const isTrusted = url => url.startsWith('http://localhost:8000/');
    const {securityManager} = vm.extensionManager;
    securityManager.getSandboxMode = url => isTrusted(url) ? 'unsandboxed' : 'worker';
    securityManager.canLoadExtensionFromProject = isTrusted;
    const bytes = Uint8Array.from(atob(project), letter => letter.charCodeAt(0));
    await player.loadProject(bytes.buffer);
    window.player = player;
    player.start();
    player.greenFlag();
}"""


@pytest.fixture
def turbowarp(browser: Any, server: str) -> Any:
    """A page with TurboWarp's VM, where `http://localhost:8000` is the tests' server."""
    if not SCAFFOLDING.exists():
        reason = "TurboWarp's VM is not installed (npm ci fetches it)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

    def pass_on(route: Any) -> None:
        answer = route.fetch(url=route.request.url.replace(TRUSTED, server))
        route.fulfill(
            response=answer, headers=answer.headers | {"Access-Control-Allow-Origin": "*"}
        )

    context = browser.new_context(viewport={"width": 480, "height": 360})
    page = context.new_page()
    page.route(
        server + "/test/page", lambda route: route.fulfill(body=PAGE, content_type="text/html")
    )
    page.route("**/test/scaffolding.js", lambda route: route.fulfill(path=SCAFFOLDING))
    page.route(TRUSTED + "/**", pass_on)
    page.goto(server + "/test/page")
    yield page
    page.unroute_all(behavior="ignoreErrors")  # What is still on its way may be lost.
    context.close()


def value_of(page: Any, name: str) -> Any:
    return page.evaluate(
        """name => Object.values(player.vm.runtime.getTargetForStage().variables)
            .find(variable => variable.name === name).value""",
        name,
    )


def test_the_demo_plays_in_turbowarp(turbowarp: Any) -> None:
    page = turbowarp
    page.evaluate(OPEN, base64.b64encode(build_project("demo")).decode())
    page.wait_for_function(
        """() => Object.values(player.vm.runtime.getTargetForStage().variables)
            .some(variable => variable.name === 'how sure (%)' && Number(variable.value) > 20)"""
    )
    assert value_of(page, "I think it is") in backdrop(page)
    page.keyboard.press("x")
    page.wait_for_function(
        """() => {
            const {runtime} = player.vm;
            const most = runtime.getOpcodeFunction('peekaboo_mostRelevantSquare');
            return Number.isInteger(most({}, {target: runtime.getTargetForStage(), runtime}));
        }"""
    )


def backdrop(page: Any) -> str:
    return page.evaluate("player.vm.runtime.getTargetForStage().getCurrentCostume().name")
