/** Pictures: from any file that the browser can open to pixels, and those with squares covered. */

/** As in the server: larger pictures are halved until both sides fit. */
const WORKING_SIDE_PX = 2048;

/** A picture on the page, upright, on white where it was transparent. */
export class Picture {
  #context;

  constructor(canvas) {
    this.canvas = canvas;
    this.width = canvas.width;
    this.height = canvas.height;
    this.#context = canvas.getContext('2d');
  }

  /** The picture as `ImageData`, with the given boxes black. */
  pixels(boxes = []) {
    if (!boxes.length) return this.#context.getImageData(0, 0, this.width, this.height);
    const { context } = blank(this.width, this.height);
    context.drawImage(this.canvas, 0, 0);
    context.fillStyle = 'black';
    for (const { left, top, right, bottom } of boxes) {
      context.fillRect(left, top, right - left, bottom - top);
    }
    return context.getImageData(0, 0, this.width, this.height);
  }
}

function blank(width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  return { canvas, context };
}

function drawn(source, width, height) {
  let factor = 1;
  while (Math.max(width, height) > WORKING_SIDE_PX * factor) factor *= 2;
  const { canvas, context } = blank(Math.ceil(width / factor), Math.ceil(height / factor));
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Picture(canvas);
}

/** Open a picture file; rejects if the browser cannot. */
export async function pictureFrom(blob) {
  // No conversion of colours: the server takes the numbers in the file as they are, too.
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  try {
    return drawn(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** What the camera shows now. */
export const pictureFromVideo = (video) => drawn(video, video.videoWidth, video.videoHeight);
