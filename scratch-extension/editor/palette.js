// Shows a category's blocks in the palette, as a click on the category does, and keeps it scrolling.

// While the editor starts it draws its palette several times, and goes back to the first category.
const SETTLES_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 100;

export async function showBlocksOf(categoryId) {
  let end = Infinity;
  const byHand = new AbortController();
  const onPress = (event) => event.isTrusted && byHand.abort();
  addEventListener('pointerdown', onPress, { capture: true, signal: byHand.signal });
  let pressed = null;
  while (performance.now() < end && !byHand.signal.aborted) {
    const row = document.querySelector(`.blocklyToolboxCategory#${CSS.escape(categoryId)}`);
    if (row && (row !== pressed || !row.classList.contains('blocklyToolboxSelected'))) {
      press(row);
      if (!pressed) end = performance.now() + SETTLES_WITHIN_MS;
      pressed = row;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  // The palette may have moved a little since.
  if (!byHand.signal.aborted) press(pressed);
  byHand.abort();
}

// After other blocks came into the palette, for example those of a new project, its scrollbar is a
// little wrong. Then it never arrives at the category that was clicked, and the wheel does nothing
// as long as it is on its way. The editor measures anew when the window changes its size.
export function keepPaletteScrolling() {
  const measure = ({ target }) => {
    if (target.closest?.('.blocklyToolboxCategory')) dispatchEvent(new Event('resize'));
  };
  document.addEventListener('pointerdown', measure, { capture: true });
}

function press(element) {
  for (const type of ['pointerdown', 'pointerup', 'click']) {
    element.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, button: 0 }));
  }
}
