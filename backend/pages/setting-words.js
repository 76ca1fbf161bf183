/** What settings of methods, their options and warnings are called, in the language in use. */

import { hasText, percent, t } from './language.js';

/** Where else an option has its words. */
const ALSO = { baselines: 'baseline' };

const inWords = (key, otherwise) => (hasText(key) ? t(key) : otherwise);

/** A setting; one without words is called what the server calls it. */
export const settingName = (name) => inWords(`setting.${name}`, name.replaceAll('_', ' '));

/** One option of a setting, or a value of it; names of layers and numbers stay as they are. */
export function optionName(setting, option) {
  const own = `${ALSO[setting] ?? setting}.${option}`;
  return hasText(own) ? t(own) : inWords(`option.${option}`, String(option));
}

/** A value of a setting; several are joined by commas. */
export const valueName = (setting, value) =>
  String(value)
    .split(',')
    .map((option) => optionName(setting, option))
    .join(', ');

/** The warnings of an answer of /api/explain; one without words stays as the server says it. */
export function warningsOf({ warnings, warning_codes: codes, approx_error: error, settings }) {
  const values = { error: percent(error ?? 0), sure: percent(settings.confidence ?? 0) };
  return warnings.map((text, index) => {
    const key = `warning.${codes[index]}`;
    return hasText(key) ? t(key, values) : text;
  });
}
