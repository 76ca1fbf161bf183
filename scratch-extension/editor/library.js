// Fills the editor's dialogs "choose a backdrop, costume, sprite, sound" with our own pictures.
// The editor's own are on the internet, its dialogs would show broken pictures without it.
//
// The lists are constants inside the editor's script, written as JSON.parse('[…]'): they are caught
// while that script runs, emptied, and filled later. If a new editor does this differently, its
// dialogs show its own lists again and everything else works as before.

const SQUARE_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><path d="M0 0h60v60H0z"/></svg>';

export function captureLibraries() {
  const parse = JSON.parse;
  const found = [];
  JSON.parse = (text, reviver) => {
    const value = parse(text, reviver);
    if (isLibrary(value)) found.push(value);
    return value;
  };
  return {
    stop: () => {
      JSON.parse = parse;
    },
    lists: () => sortOut(found),
  };
}

function isLibrary(value) {
  return (
    Array.isArray(value) &&
    value.length > 20 &&
    Array.isArray(value[0].tags) &&
    Boolean(value[0].md5ext || value[0].costumes)
  );
}

// Backdrops have the same form as costumes; there are far fewer of them.
function sortOut(found) {
  const sprites = found.find((list) => list[0].costumes);
  const sounds = found.find((list) => 'sampleCount' in list[0]);
  const pictures = found
    .filter((list) => list !== sprites && list !== sounds)
    .sort((one, other) => one.length - other.length);
  const lists = { backdrops: pictures[0], costumes: pictures[1], sprites, sounds };
  const missing = Object.keys(lists).filter((name) => !lists[name]);
  if (missing.length > 0) console.warn(`The editor's lists of ${missing} were not found.`);
  return lists;
}

const PATIENCE_MS = 20_000;

// Begins at once, so that the dialogs are full when the editor opens: one that stands open is not
// drawn anew. Without pictures, or if they take too long, they are empty.
export async function fetchPictures() {
  try {
    const response = await fetch('/parade/index.json', {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(`/parade/index.json: ${response.status}`);
    const { pictures, backgrounds, sprites } = await response.json();
    return {
      backdrops: await Promise.all([...pictures, ...backgrounds].map(fetchPicture)),
      sprites: await Promise.all(sprites.map(fetchPicture)),
    };
  } catch (error) {
    console.warn('No pictures:', error);
    return { backdrops: [], sprites: [] };
  }
}

async function fetchPicture({ name, url }) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const blob = await response.blob();
  const { width, height } = await createImageBitmap(blob);
  return { name, width, height, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

export function fillLibraries(lists, storage, { backdrops, sprites }) {
  const originals = Object.values(lists).filter(Boolean);
  const pop = lists.sounds?.find((sound) => sound.name === 'Pop');
  originals.forEach((list) => list.splice(0));
  if (pop) lists.sounds.push(pop);

  addSprite(lists, squareCostume(storage), 100);
  for (const picture of sprites) {
    addSprite(lists, pictureCostume(picture, 2, storage), CHARACTER_SIZE_PERCENT);
  }
  lists.backdrops?.push(...backdrops.map((picture) => pictureCostume(picture, 1, storage)));
}

// Costumes hold two pixels for each unit of the stage, so that characters stay sharp.
const CHARACTER_SIZE_PERCENT = 140;

function addSprite(lists, item, size) {
  lists.costumes?.push(item);
  lists.sprites?.push({
    name: item.name,
    tags: [],
    isStage: false,
    variables: {},
    blocks: {},
    costumes: [item],
    sounds: [],
    size,
  });
}

function pictureCostume({ name, width, height, bytes }, bitmapResolution, storage) {
  const asset = storage.keepPicture(bytes, false);
  return costumeItem(name, asset, width, height, bitmapResolution);
}

function squareCostume(storage) {
  const asset = storage.keepPicture(new TextEncoder().encode(SQUARE_SVG), true);
  return costumeItem('Square', asset, 60, 60, 1);
}

function costumeItem(name, asset, width, height, bitmapResolution) {
  const md5ext = `${asset.assetId}.${asset.dataFormat}`;
  return {
    name,
    tags: [],
    bitmapResolution,
    md5ext,
    assetId: asset.assetId,
    dataFormat: asset.dataFormat,
    rotationCenterX: width / 2,
    rotationCenterY: height / 2,
    rawURL: asset.encodeDataURI(),
  };
}
