/**
 * The part of Scratch that Peekaboo relies on, for the type checker only.
 *
 * Names that begin with an underscore are private to the renderer. They are the same in Scratch's
 * and in TurboWarp's renderer; the tests notice when they change.
 */

interface ScratchTarget {
  drawableID: number;
  isStage: boolean;
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
  getTargetForStage(): ScratchTarget;
}

interface ScratchUtility {
  target: ScratchTarget;
}

interface ScratchTranslate {
  (text: string): string;
  setup(translations: Record<string, Record<string, string>>): void;
}

declare const Scratch: {
  BlockType: { COMMAND: string; REPORTER: string; BOOLEAN: string };
  ArgumentType: { STRING: string; NUMBER: string };
  translate: ScratchTranslate;
  vm: { runtime: ScratchRuntime; extensionManager: { refreshBlocks(id?: string): unknown } };
  extensions: { unsandboxed?: boolean; register(extension: object): void };
};
