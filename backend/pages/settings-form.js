/** Forms for the settings of a method, built from what GET /api/methods says about them. */

import { make } from './shell.js';

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
    this.element.addEventListener('change', onChange);
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

function fieldOf(setting, layers) {
  if (setting.kind === 'choices') return checkboxes(setting);
  const field = make('label', 'field');
  field.append(make('span', '', nameOf(setting)));
  const control = ['whole', 'number'].includes(setting.kind)
    ? numberInput(setting)
    : select([...(setting.options ?? []), ...(setting.kind === 'layer' ? layers : [])]);
  control.value = setting.default;
  control.title = setting.meaning;
  control.name = setting.name;
  field.append(control);
  return { field, read: () => control.value };
}

const nameOf = ({ name }) => name.replaceAll('_', ' ');

function numberInput({ kind, lowest, highest }) {
  const input = make('input');
  input.type = 'number';
  input.min = lowest;
  input.max = highest;
  input.step = kind === 'whole' ? 1 : 'any';
  return input;
}

function select(options) {
  const control = make('select');
  control.append(...options.map((option) => new Option(option, option)));
  return control;
}

function checkboxes(setting) {
  const field = make('fieldset', 'field look-choices');
  field.append(make('legend', '', nameOf(setting)));
  field.title = setting.meaning;
  const usual = String(setting.default).split(',');
  const boxes = setting.options.map((option) => {
    const label = make('label');
    const box = make('input');
    box.type = 'checkbox';
    box.value = option;
    box.checked = usual.includes(option);
    label.append(box, ` ${option}`);
    field.append(label);
    return box;
  });
  const chosen = () => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  return { field, read: () => chosen().join(',') };
}
