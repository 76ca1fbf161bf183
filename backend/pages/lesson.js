/** A sheet on the screen: printing it, and keeping what was written while the tab is open. */

const marks = [...document.querySelectorAll('.sheet :is(input, textarea)')];
const place = `sheet ${location.pathname}`;

// sessionStorage ends with the tab: the next child at this computer finds an empty sheet.
function keep() {
  const kept = marks.map((mark) => (mark.type === 'checkbox' ? mark.checked : mark.value));
  sessionStorage.setItem(place, JSON.stringify(kept));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(place) ?? '[]');
  if (kept.length !== marks.length) return;
  marks.forEach((mark, index) => {
    if (mark.type === 'checkbox') mark.checked = kept[index];
    else mark.value = kept[index];
  });
}

restore();
document.addEventListener('input', keep);
document.querySelector('#print').addEventListener('click', () => window.print());
