/** Pictures: from any file that the browser can open to pixels, and those with squares covered. */

/** As in the server: larger pictures are halved until both sides fit. */
const WORKING_SIDE_PX = 2048;
/** Drawings can be of any size: small ones are drawn as large as Scratch's stage is wide. */
const DRAWING_SIDE_PX = 480;
const DRAWING = 'image/svg+xml';

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

  /** The picture as a PNG file. */
  async asFile(name) {
    return new File([await pngOf(this.canvas)], name, { type: 'image/png' });
  }
}

/** What is on a canvas, as a PNG file. */
export const pngOf = (canvas) => new Promise((done) => canvas.toBlob(done, 'image/png'));

/** `ImageData` as a PNG file. */
export function pngOfPixels(pixels) {
  const { canvas, context } = blank(pixels.width, pixels.height);
  context.putImageData(pixels, 0, 0);
  return pngOf(canvas);
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
  if (isDrawing(blob)) return pictureFromDrawing(blob);
  // No conversion of colours: the server takes the numbers in the file as they are, too.
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  try {
    return drawn(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** Whether a file is a drawing (SVG), as costumes of Scratch are: lines instead of pixels. */
const isDrawing = (blob) => blob.type === DRAWING || /\.svg$/i.test(blob.name ?? '');

async function pictureFromDrawing(blob) {
  const image = new Image();
  // Not a blob: browsers let nobody read what some drawings in a blob have drawn.
  image.src = `data:${DRAWING},${encodeURIComponent(await blob.text())}`;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.max(1, DRAWING_SIDE_PX / Math.max(width, height));
  const picture = drawn(image, Math.round(width * scale), Math.round(height * scale));
  picture.pixels(); // Fails here and now if the drawing has no size.
  return picture;
}

/** A file as the server can read it: drawings become pixels. */
export async function inPixels(file) {
  if (!isDrawing(file)) return file;
  try {
    return await (await pictureFrom(file)).asFile(file.name);
  } catch {
    return file; // The server will say that it cannot be read.
  }
}

/** What the camera shows now. */
export const pictureFromVideo = (video) => drawn(video, video.videoWidth, video.videoHeight);
