// Where the editor gets projects and pictures from: this server, never the internet.

const EMPTY_PROJECT_ID = '0';

export class EditorStorage {
  constructor(gui) {
    this.gui = gui;
    this.scratchStorage = new gui.ScratchStorage();
    this.emptyProjectId = EMPTY_PROJECT_ID;
    this.setTranslatorFunction((message) => message.defaultMessage);
  }

  // Called by the editor, again when the language changes.
  setTranslatorFunction(translate) {
    for (const asset of this.gui.buildDefaultProject(translate)) {
      const { AssetType, DataFormat } = this.scratchStorage;
      this.keep(AssetType[asset.assetType], DataFormat[asset.dataFormat], asset.data, asset.id);
    }
  }

  keepProject(name, bytes) {
    const { AssetType, DataFormat } = this.scratchStorage;
    this.keep(AssetType.Project, DataFormat.JSON, bytes, name);
  }

  // Returns the picture as an asset; the editor finds it again under `asset.assetId`.
  keepPicture(bytes, isVector) {
    const { AssetType, DataFormat } = this.scratchStorage;
    const type = isVector ? AssetType.ImageVector : AssetType.ImageBitmap;
    const format = isVector ? DataFormat.SVG : DataFormat.PNG;
    const asset = this.scratchStorage.createAsset(type, format, bytes, null, true);
    this.keep(type, format, bytes, asset.assetId);
    return asset;
  }

  keep(type, format, bytes, id) {
    this.scratchStorage.builtinHelper._store(type, format, bytes, id);
  }

  async emptyProject() {
    const { AssetType, DataFormat } = this.scratchStorage;
    const asset = await this.scratchStorage.load(
      AssetType.Project,
      EMPTY_PROJECT_ID,
      DataFormat.JSON
    );
    return asset.data;
  }

  saveProject() {
    return Promise.reject(new Error('Projects are saved as files, in the File menu.'));
  }
}

// Returns {data: Uint8Array} or {reason: Error}: a missing project must not stop the editor.
export async function fetchProject(address, language) {
  try {
    const response = await fetch(`${address}?language=${language}`);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return { data: new Uint8Array(await response.arrayBuffer()) };
  } catch (reason) {
    return { reason };
  }
}
