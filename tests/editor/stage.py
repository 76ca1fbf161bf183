"""Asks the editor's virtual machine what a test wants to know."""

import json
from typing import Any

FIRST_BLOCK_IS_AT_THE_TOP = """() => {
    const top = element => element.getBoundingClientRect().top;
    const block = [...document.querySelectorAll('.blocklyFlyout text')]
        .find(text => text.textContent.replace(/\\s/g, ' ') === 'use model');
    const distance = top(block) - top(document.querySelector('.blocklyFlyout'));
    return distance > 0 && distance < 120;
}"""


def run_block(page: Any, opcode: str, **values: Any) -> Any:
    """Run one of Peekaboo's blocks for the stage and return what it answers."""
    return page.evaluate(
        """([opcode, values]) => {
            const {runtime} = Scratch.vm;
            const target = runtime.getTargetForStage();
            return runtime.getOpcodeFunction(`peekaboo_${opcode}`)(values, {target, runtime});
        }""",
        [opcode, values],
    )


def variable(page: Any, name: str) -> Any:
    """The value of a variable, or the list of that name."""
    return page.evaluate(
        """name => Object.values(Scratch.vm.runtime.getTargetForStage().variables)
            .find(variable => variable.name === name).value""",
        name,
    )


def backdrop(page: Any) -> str:
    return page.evaluate("Scratch.vm.runtime.getTargetForStage().getCurrentCostume().name")


def press_flag(page: Any) -> None:
    page.click("[class*=green-flag]")


def wait_for(page: Any, condition: str) -> None:
    page.wait_for_function(condition, timeout=120_000)


def wait_until_idle(page: Any) -> None:
    """Wait until no script has run for 8 frames."""
    wait_for(
        page,
        """() => {
            const idle = Scratch.vm.runtime.threads.every(
                thread => thread.updateMonitor || thread.status === 4);
            window.idleFrames = idle ? (window.idleFrames || 0) + 1 : 0;
            if (window.idleFrames < 8) return false;
            window.idleFrames = 0;
            return true;
        }""",
    )


def picture_on_stage(page: Any) -> Any:
    """The stage as it is drawn now, (height, width, 4) uint8, `numpy`."""
    import base64
    import io

    import numpy as np
    from PIL import Image

    uri = page.evaluate(
        """() => new Promise(resolve => {
            Scratch.vm.renderer.requestSnapshot(resolve);
            Scratch.vm.renderer.draw();
        })"""
    )
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


class Asked:
    """Records what the page sends to one route, to ask the same from outside."""

    def __init__(self, page: Any, path: str) -> None:
        self.requests: list[Any] = []
        page.on("request", lambda sent: self.requests.append(sent) if path in sent.url else None)

    def again(self, page: Any) -> Any:
        """Repeat the last request outside the page; return the JSON answer."""
        last = self.requests[-1]
        answer = page.request.post(
            last.url,
            data=last.post_data_buffer,
            headers={"Content-Type": last.headers["content-type"], "Accept": "application/json"},
        )
        assert answer.ok, answer.text()
        return json.loads(answer.body())
