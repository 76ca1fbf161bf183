/** Forms for the settings of a method, built from what GET /api/methods says about them. */

import { t } from './language.js';
import { PICTURES } from './files.js';
import { inPixels } from './picture.js';
import { optionName, settingName } from './setting-words.js';
import { make } from './shell.js';
import { labelled, written } from './written.js';

/** A form; `values()` gives what differs from the defaults, `onChange` is called after a change. */
export class SettingsForm {
  #controls = new Map();

  constructor(settings, layers, onChange) {
    this.settings = settings;
    this.element = make('div', 'look-settings');
    for (const setting of settings) {
      const { field, read } = fieldOf(setting, layers);
      this.#controls.set(setting.name, read);
      this.element.append(field);
    }
    this.element.addEventListener('change', ({ target }) => {
      // What is not possible is said by the browser, in its language.
      if (target.reportValidity()) onChange();
    });
  }

  values() {
    const given = {};
    for (const { name, default: usual } of this.settings) {
      const value = this.#controls.get(name)();
      if (value !== '' && value !== String(usual)) given[name] = value;
    }
    return given;
  }
}

/** A field for pictures to compare with; `onChange` gets the files. */
export function referencesField(onChange) {
  const input = make('input');
  Object.assign(input, { type: 'file', multiple: true, accept: PICTURES });
  input.addEventListener('change', async () =>
    onChange(await Promise.all([...input.files].map(inPixels)))
  );
  return labelled(() => t('look.references'), input);
}

function fieldOf(setting, layers) {
  if (setting.kind === 'choices') return checkboxes(setting);
  const field = make('label', 'field');
  field.append(written(make('span'), () => settingName(setting.name)));
  const control = ['whole', 'number'].includes(setting.kind)
    ? numberInput(setting)
    : select(setting, setting.kind === 'layer' ? layers : []);
  control.value = setting.default;
  control.addEventListener('change', () => {
    if (control.validity.valid && !control.value) control.value = setting.default;
  });
  control.title = setting.name; // As programs and the terminal call it.
  control.name = setting.name;
  field.append(control);
  return { field, read: () => control.value };
}

function numberInput({ kind, lowest, highest }) {
  const input = make('input');
  input.type = 'number';
  input.min = lowest;
  input.max = highest;
  input.step = kind === 'whole' ? 1 : 'any';
  return input;
}

function select({ name, options = [] }, layers) {
  const control = make('select');
  const own = options.map((option) =>
    written(new Option('', option), () => optionName(name, option))
  );
  control.append(...own, ...layers.map((layer) => new Option(layer, layer)));
  return control;
}

function checkboxes(setting) {
  const field = make('fieldset', 'field look-choices');
  field.append(written(make('legend'), () => settingName(setting.name)));
  field.title = setting.name;
  const usual = String(setting.default).split(',');
  const boxes = setting.options.map((option) => {
    const label = make('label');
    const box = make('input');
    box.type = 'checkbox';
    box.value = option;
    box.checked = usual.includes(option);
    const name = written(make('span'), () => optionName(setting.name, option));
    label.append(box, ' ', name);
    field.append(label);
    return box;
  });
  field.addEventListener('change', () => {
    // Without any, the usual ones are meant.
    if (!chosen().length) for (const box of boxes) box.checked = usual.includes(box.value);
  });
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  return { field, read: () => chosen().join(',') };
}
