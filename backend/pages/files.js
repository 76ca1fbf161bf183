/** What people drop: pictures, model files, zips and whole folders. */

const MODEL_FILE = /\.(zip|h5|hdf5|keras|tflite|json|bin|txt)$/i;
const WHOLE_MODEL = /\.(zip|keras)$/i;
const inFolders = new WeakMap();
const PICTURE_FILE = /\.(png|jpe?g|webp|gif|bmp|avif|heic|heif|tiff?|svg)$/i;

/** What a field for picture files accepts; not every browser knows that the last are pictures. */
export const PICTURES = 'image/*,.heic,.heif';

/** Whether a file is a picture, as far as its type and name tell. */
export const isPicture = (file) => file.type.startsWith('image/') || PICTURE_FILE.test(file.name);

/** Whether a file can be (a part of) a model. */
export const isModelFile = (file) => MODEL_FILE.test(file.name);

/**
 * Sort files into models: a zip or `.keras` is one by itself, other parts belong together.
 * @returns {File[][]} one list of files per model
 */
export function modelsIn(files) {
  const parts = files.filter(isModelFile);
  const pieces = parts.filter((file) => !WHOLE_MODEL.test(file.name));
  // labels.txt dropped along with one model.keras names its classes.
  const whole = parts.filter((file) => WHOLE_MODEL.test(file.name));
  if (whole.length === 1 && pieces.every((file) => /\.txt$/i.test(file.name))) return [parts];
  return [...whole.map((file) => [file]), ...(pieces.length ? [pieces] : [])];
}

/** The name of the folder that a chosen or dropped file lies in; '' if it came alone. */
export function folderOf(file) {
  const path = file.webkitRelativePath || inFolders.get(file) || '';
  return path.split('/').at(-2) ?? '';
}

/** Every file of a drop or paste, also those inside dropped folders. */
export async function filesOf(transfer) {
  // The entries must be taken before the first pause: afterwards the list is empty.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(filesBelow))).flat();
}

async function filesBelow(entry) {
  if (entry.isFile) {
    const file = await new Promise((yes, no) => entry.file(yes, no));
    inFolders.set(file, entry.fullPath);
    return [file];
  }
  const reader = entry.createReader();
  const children = [];
  for (;;) {
    // One call gives at most a hundred entries; an empty list is the end.
    const some = await new Promise((yes, no) => reader.readEntries(yes, no));
    if (!some.length) break;
    children.push(...some);
  }
  return (await Promise.all(children.map(filesBelow))).flat();
}

/** Call `onFiles` with what is dropped anywhere on `area`; it has `.dropping` meanwhile. */
export function acceptDrops(area, onFiles) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
  const show = () => area.classList.toggle('dropping', depth > 0);
  area.addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    show();
  });
  area.addEventListener('dragleave', (event) => {
    if (!carriesFiles(event)) return;
    depth -= 1;
    show();
  });
  area.addEventListener('dragover', (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  area.addEventListener('drop', async (event) => {
    if (!carriesFiles(event)) return;
    depth = 0;
    show();
    if (event.defaultPrevented) return; // a smaller area inside this one took it
    event.preventDefault();
    onFiles(await filesOf(event.dataTransfer));
  });
}
