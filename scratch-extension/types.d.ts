/**
 * The part of Scratch that Peekaboo relies on, for the type checker only.
 *
 * Names that begin with an underscore are private to the renderer. They are the same in Scratch's
 * and in TurboWarp's renderer; the tests notice when they change.
 */

interface ScratchTarget {
  id: string;
  drawableID: number;
  isStage: boolean;
  rotationStyle: string;
  direction: number;
  x: number;
  y: number;
  size: number;
  getCurrentCostume(): ScratchCostume;
}

interface ScratchCostume {
  asset?: { encodeDataURI(): string };
  bitmapResolution?: number;
  rotationCenterX: number;
  rotationCenterY: number;
  size: [number, number];
}

interface ScratchDrawable {
  getVisible(): boolean;
  isTouching: (point: Float32Array) => boolean;
  getFastBounds(): ScratchBounds;
}

interface ScratchBounds {
  left: number;
  right: number;
  bottom: number;
  top: number;
  snapToInt(): void;
}

interface ScratchRenderer {
  canvas: HTMLCanvasElement;
  gl: WebGLRenderingContext;
  getNativeSize(): [number, number];
  draw(): void;
  requestSnapshot(callback: (dataUri: string) => void): void;
  createBitmapSkin(bitmap: HTMLCanvasElement, resolution: number, centre: [number, number]): number;
  updateBitmapSkin(
    skin: number,
    bitmap: HTMLCanvasElement,
    resolution: number,
    centre: [number, number]
  ): void;
  createDrawable(group: string): number;
  updateDrawableSkinId(drawable: number, skin: number): void;
  updateDrawableVisible(drawable: number, visible: boolean): void;
  updateDrawableEffect(drawable: number, effect: string, value: number): void;
  _allDrawables: ScratchDrawable[];
  _backgroundColor4f: [number, number, number, number];
  _drawList: number[];
  _groupOrdering: string[];
  _layerGroups: Record<string, { groupIndex: number; drawListOffset: number }>;
  _projection: Float32Array;
  _doExitDrawRegion(): void;
  _drawThese(
    drawables: number[],
    mode: string,
    projection: Float32Array,
    options: { framebufferWidth: number; framebufferHeight: number }
  ): void;
}

interface ScratchVideo {
  enableVideo(): Promise<unknown> | null;
  disableVideo(): void;
  getFrame(options: { format: 'image-data' }): ImageData | null;
}

interface ScratchRuntime {
  renderer: ScratchRenderer;
  targets: ScratchTarget[];
  ioDevices: { video: ScratchVideo };
  on(event: string, listener: () => void): void;
  requestRedraw(): void;
  startHats(opcode: string): unknown;
  getTargetForStage(): ScratchTarget;
}

interface ScratchUtility {
  target: ScratchTarget;
}

declare const Scratch: {
  BlockType: { COMMAND: string; REPORTER: string; BOOLEAN: string; EVENT: string };
  ArgumentType: { STRING: string; NUMBER: string };
  translate: { language: string };
  vm: { runtime: ScratchRuntime; extensionManager: { refreshBlocks(id?: string): unknown } };
  extensions: { unsandboxed?: boolean; register(extension: object): void };
};

// What Peekaboo itself passes around. The answers of the helper are described in its own interface.

/** Stage units or pixels, from the top left. */
interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Picture {
  width: number;
  height: number;
  /** RGBA, rows from the top. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Where it is on the stage, in stage units. */
  place: Rectangle;
  /** Whose costume it is. */
  sprite?: string;
}

/** From 0. */
interface Square {
  row: number;
  column: number;
}

interface Grid {
  rows: number;
  columns: number;
}

interface Model {
  id: string;
  name: string;
  labels: string[];
  formerly?: string[];
}

interface Classification {
  label: string;
  confidence: number;
  predictions: { label: string; confidence: number }[];
}

interface Relevance extends Grid {
  target: string;
  before: { label: string; confidence: number; log_odds: number };
  seen: Rectangle;
  unseen: [number, number][];
  confidence: number[][];
  confidence_drop: number[][];
  log_odds_drop: number[][];
  label: string[][];
  measure: 'confidence' | 'log_odds';
  saturated: boolean;
  verdict: 'found' | 'flat';
  ghost: number[][];
  sentence: string;
  most_relevant: { row: number; column: number; square: number } | null;
}

interface Explanation extends Grid {
  method: string;
  target: string;
  relevance: number[][];
  ghost: number[][];
  verdict: 'found' | 'flat';
  seen: Rectangle;
  unseen: [number, number][];
  most_relevant: { row: number; column: number; square: number } | null;
}

interface Measurement {
  relevance: Relevance | Explanation;
  picture: Picture;
}
