// Shows a category's blocks in the palette, as a click on the category does.

const PATIENCE_MS = 5000;

export async function showBlocksOf(categoryId) {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const row = document.querySelector(`.blocklyToolboxCategory#${CSS.escape(categoryId)}`);
    if (row) {
      press(row);
      return;
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  console.warn(`The palette shows no category ${categoryId}.`);
}

function press(element) {
  for (const type of ['pointerdown', 'pointerup', 'click']) {
    element.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, button: 0 }));
  }
}
