// Plays a project in TurboWarp's VM and runs single blocks in it, as scripts of a sprite.

/* global Scaffolding */

const DONE = 4;
const RESULT = 'result';
const HEARD = 'heard';
let player;
let made = 0;

async function open(project, locale, address) {
  player = new Scaffolding.Scaffolding();
  player.setup();
  player.appendTo(document.getElementById('player'));
  const { vm } = player;
  vm.setLocale(locale, {});
  vm.extensionManager.securityManager.getSandboxMode = () => 'unsandboxed';
  await vm.extensionManager.loadExtensionURL(address);
  await load(project);
  vm.start();
  window.player = player;
}

async function load(project) {
  const bytes = Uint8Array.from(atob(project), (letter) => letter.charCodeAt(0));
  await player.loadProject(bytes.buffer);
}

const sprite = () => player.vm.runtime.targets.find((target) => !target.isStage);

function createBlock(parts) {
  const { blocks } = sprite();
  const id = `test_${++made}`;
  const usual = { fields: {}, inputs: {}, next: null, shadow: false, topLevel: false, x: 0, y: 0 };
  blocks.createBlock({ parent: null, ...usual, ...parts, id });
  return blocks.getBlock(id);
}

function createWithArguments(opcode, args, topLevel) {
  const block = createBlock({ opcode, topLevel });
  for (const [name, value] of Object.entries(args)) {
    const fields = { TEXT: { name: 'TEXT', value: String(value) } };
    const { id } = createBlock({ opcode: 'text', fields, shadow: true, parent: block.id });
    block.inputs[name] = { name, block: id, shadow: id };
  }
  return block;
}

// The script "set result to (block)", or just the block where it is a command.
function script(opcode, args, reports) {
  const own = createWithArguments(`peekaboo_${opcode}`, args, !reports);
  if (!reports) return own.id;
  const value = { name: RESULT, id: RESULT, value: RESULT, variableType: '' };
  const top = createWithArguments('data_setvariableto', { VALUE: '' }, true);
  top.fields.VARIABLE = value;
  top.inputs.VALUE.block = own.id;
  own.parent = top.id;
  return top.id;
}

async function run(opcode, args, reports) {
  const target = sprite();
  if (!target.variables[RESULT]) target.createVariable(RESULT, RESULT, '');
  const { runtime } = player.vm;
  const thread = runtime._pushThread(script(opcode, args, reports), target);
  // The stop sign takes threads away without ending them.
  while (thread.status !== DONE && runtime.threads.includes(thread))
    await new Promise((resolve) => setTimeout(resolve, 5));
  return reports ? target.variables[RESULT].value : null;
}

// The script "when … : set heard to (value)".
function listen(opcode, value) {
  const target = sprite();
  target.createVariable(HEARD, HEARD, '');
  const hat = createBlock({ opcode: `peekaboo_${opcode}`, topLevel: true });
  const then = createWithArguments('data_setvariableto', { VALUE: value }, false);
  then.fields.VARIABLE = { name: HEARD, id: HEARD, value: HEARD, variableType: '' };
  then.parent = hat.id;
  hat.next = then.id;
  target.blocks.resetCache();
}

const heard = () => sprite().variables[HEARD].value;

// What is on screen at points of the stage, in stage units.
function coloursAt(points) {
  const { renderer } = player;
  renderer.dirty = true;
  renderer.draw();
  const { gl, canvas } = renderer;
  const pixels = new Uint8Array(canvas.width * canvas.height * 4);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return points.map(([x, y]) => {
    const [across, up] = [
      Math.floor(((x + 240) * canvas.width) / 480),
      Math.floor(((y + 180) * canvas.height) / 360),
    ];
    const at = (up * canvas.width + across) * 4;
    return [...pixels.slice(at, at + 3)];
  });
}

function info() {
  const { blocks, menus } = player.vm.runtime._blockInfo.find(({ id }) => id === 'peekaboo');
  const items = Object.fromEntries(
    menus.map(({ json }) => {
      const { options } = json.args0[0];
      return [json.type, typeof options === 'function' ? options() : options];
    })
  );
  return { blocks: blocks.map((block) => block.info), items };
}

window.test = { open, load, run, listen, heard, coloursAt, info, sprite };
