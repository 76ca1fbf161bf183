/** The layers of a classifier, as a table. */

import { number, t } from './language.js';
import { make } from './shell.js';
import { table } from './table.js';
import { written } from './written.js';

const HEADS = ['look.layer', 'look.layer.type', 'look.layer.output', 'look.layer.parameters'];

/** All layers in the `facts` of an answer about feature maps; the one that was asked is marked. */
export function layerList({ layer, layers }) {
  const rows = layers.map(({ name, type, output_shape: shape, parameters }) => [
    name === layer.name ? `▸ ${name}` : name,
    type,
    shape.join(' × '),
    number(parameters),
  ]);
  const box = table(t('look.layers'), Array(HEADS.length).fill(''), rows);
  box.querySelector('caption').remove(); // The summary says it.
  box.querySelectorAll('thead th').forEach((head, index) => written(head, () => t(HEADS[index])));
  const details = make('details', 'look-layers');
  const summary = written(make('summary'), () => t('look.layers'));
  details.append(summary, box);
  return details;
}
