/** The menus of a look: methods, and labels with how sure the classifier is of each. */

import { percent, t } from './language.js';

/** List methods as GET /api/methods says; those that cannot be asked say why. */
export function fillMethods(select, methods, chosen) {
  const options = methods.map(({ name, title, available, reason }) => {
    const option = new Option(available ? title : t('look.unavailable', { name: title }), name);
    option.disabled = !available;
    option.title = reason ?? '';
    return option;
  });
  select.replaceChildren(...options);
  select.value = chosen;
}

/** List labels below “its answer”; the chosen one stays chosen if it is among them. */
export function fillLabels(select, labels) {
  const kept = labels.includes(select.value) ? select.value : '';
  select.replaceChildren(new Option('', ''), ...labels.map((label) => new Option(label, label)));
  select.value = kept;
}

/** Write how sure it is behind each label; `predictions` as /api/classify gives them. */
export function writeLabels(select, predictions) {
  const shares = new Map(predictions.map(({ label, confidence }) => [label, percent(confidence)]));
  for (const option of select.options) {
    const share = shares.get(option.value);
    if (!option.value) option.textContent = t('look.winner');
    else option.textContent = share ? `${option.value} · ${share}` : option.value;
  }
}
