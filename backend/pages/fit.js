/** How a picture becomes a classifier's input; the same boxes as the server's. */

/**
 * @param picture, input `{width, height}` in px
 * @param way `crop`, `stretch` or `pad`
 * @returns `seen`, the box of the picture that the classifier sees (px, may be fractions), and
 *   `placed`, the box of its input that shows it
 */
export function fitOf(picture, input, way) {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  const full = { left: 0, top: 0, width: input.width, height: input.height };
  const shape = picture.width / picture.height;
  const wider = shape >= input.width / input.height;
  if (way === 'crop') return { seen: middle(picture, input.width / input.height), placed: full };
  if (way === 'stretch') return { seen: whole, placed: full };
  const width = wider ? input.width : Math.max(1, Math.round(input.height * shape));
  const height = wider ? Math.max(1, Math.round(input.width / shape)) : input.height;
  const left = Math.floor((input.width - width) / 2);
  const top = Math.floor((input.height - height) / 2);
  return { seen: whole, placed: { left, top, width, height } };
}

function middle(picture, shape) {
  const width = Math.min(picture.width, picture.height * shape);
  const height = Math.min(picture.height, picture.width / shape);
  return { left: (picture.width - width) / 2, top: (picture.height - height) / 2, width, height };
}
