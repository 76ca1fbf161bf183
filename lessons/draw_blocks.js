/**
 * Draws Scratch code as one SVG that looks the same everywhere; run by make_pictures.py in a page
 * that has loaded `scratchblocks`.
 *
 * @param {{code: string, extension: object, language: string}} drawing `extension` is what
 *   Peekaboo's getInfo() says; scratchblocks knows the `language`
 * @returns {string} an SVG without style sheets, whose texts keep the widths measured here
 */
({ code, extension, language }) => {
  const SCALE = 0.75;
  const KEPT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-linecap'];
  const LETTERS = ['font-family', 'font-size', 'font-weight'];
  const WHITE = 'rgb(255, 255, 255)';
  const INK = 'rgb(43, 36, 64)';
  const RIGHT_TO_LEFT = ['ar'];
  const LEAST_CONTRAST = 2.5; // to white letters; yellow has 1.7, the blue of motion 2.9
  const { scratchblocks } = window;

  const own = new Map(
    extension.blocks
      .filter((block) => block.text)
      .map((block) => [block.text.replace(/\[\w+\]/g, '_'), block.blockType])
  );
  const SHAPES = { command: 'stack', reporter: 'reporter', Boolean: 'boolean' };

  const colours = new CSSStyleSheet();
  colours.replaceSync(`
    svg .sb3-extension { stroke: ${extension.color3}; }
    svg .sb3-extension:not(.sb3-input-number, .sb3-input-string) { fill: ${extension.color1}; }
    svg .sb3-extension.sb3-extension-alt:not(#_) { fill: ${extension.color2}; }
    svg .sb3-extension.sb3-extension-dark:not(#_) { fill: ${extension.color3}; }
    svg .sb3-extension-line { stroke: ${extension.color3}; }`);
  document.adoptedStyleSheets = [colours];

  // Scratchblocks draws an icon and a line in the blocks of extensions that it knows. Ours borrow
  // those of the pen; the icon is exchanged below.
  function paintOwnBlocks(part) {
    const words = (part.children ?? []).map((child) => (child.isLabel ? child.value : '_'));
    const type = part.isBlock && own.get(words.join(' '));
    if (type) {
      Object.assign(part.info, { category: 'pen', shape: SHAPES[type] });
    }
    for (const inner of part.children ?? part.blocks ?? part.scripts ?? []) paintOwnBlocks(inner);
  }

  function exchangeIcons(svg) {
    const face = decodeURIComponent(extension.blockIconURI.split(',')[1]);
    for (const use of svg.querySelectorAll('use[href="#sb3-penBlock"]')) {
      const icon = new DOMParser().parseFromString(face, 'image/svg+xml').documentElement;
      icon.setAttribute('width', 40);
      icon.setAttribute('height', 40);
      const place = document.createElementNS(icon.namespaceURI, 'g');
      place.setAttribute('transform', use.getAttribute('transform'));
      place.append(document.importNode(icon, true));
      use.replaceWith(place);
    }
    const used = new Set([...svg.querySelectorAll('use')].map((use) => use.getAttribute('href')));
    for (const icon of svg.querySelectorAll('defs > *')) {
      if (!used.has(`#${icon.id}`)) icon.remove();
    }
  }

  // White letters on yellow blocks are hard to read, in grey print above all.
  function keepReadable(text) {
    const block = text.closest('g').querySelector('path, rect');
    if (text.getAttribute('fill') !== WHITE) return;
    if (contrastToWhite(getComputedStyle(block).fill) < LEAST_CONTRAST) {
      text.setAttribute('fill', INK);
    }
  }

  // As in WCAG 2: (1 + 0.05) / (luminance + 0.05).
  function contrastToWhite(colour) {
    const linear = colour.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05);
  }

  // A picture in a page gets no style sheet from it, and another computer has other letters.
  function writeDownStyles(svg) {
    for (const part of svg.querySelectorAll('[class]')) {
      const style = getComputedStyle(part);
      const isText = part.tagName === 'text';
      for (const name of isText ? [...KEPT, ...LETTERS] : KEPT) {
        part.setAttribute(name, style.getPropertyValue(name));
      }
      if (isText) {
        part.setAttribute('textLength', part.getComputedTextLength().toFixed(2));
        part.setAttribute('lengthAdjust', 'spacingAndGlyphs');
        keepReadable(part);
      }
    }
    for (const part of svg.querySelectorAll('[class], [style]')) {
      part.removeAttribute('class');
      part.removeAttribute('style');
    }
  }

  // Where people read from the right, Scratch mirrors the blocks. The library only turns the words
  // of those that it knows around, which would be done twice.
  function keepOrder(part) {
    if (part.info) part.info.isRTL = false;
    for (const inner of part.children ?? part.blocks ?? part.scripts ?? []) keepOrder(inner);
  }

  function mirror(svg, width) {
    const mirrored = document.createElementNS(svg.namespaceURI, 'g');
    mirrored.setAttribute('transform', `translate(${width} 0) scale(-1 1)`);
    mirrored.append(...[...svg.children].filter((part) => part.tagName !== 'defs'));
    svg.append(mirrored);
    for (const part of svg.querySelectorAll('text, use')) {
      const { x, width: wide } = part.getBBox();
      const back = `translate(${2 * x + wide} 0) scale(-1 1)`;
      part.setAttribute('transform', `${part.getAttribute('transform') ?? ''} ${back}`);
    }
  }

  const script = scratchblocks.parse(code, { languages: ['en', language] });
  paintOwnBlocks(script);
  keepOrder(script);
  const view = scratchblocks.newView(script, { style: 'scratch3', scale: 1 });
  const svg = view.render();
  document.body.append(svg);
  exchangeIcons(svg);
  writeDownStyles(svg);
  if (RIGHT_TO_LEFT.includes(language)) mirror(svg, view.width);
  svg.remove();

  svg.removeAttribute('class');
  svg.setAttribute('viewBox', `-1 -1 ${view.width + 2} ${view.height + 2}`);
  svg.setAttribute('width', Math.ceil((view.width + 2) * SCALE));
  svg.setAttribute('height', Math.ceil((view.height + 2) * SCALE));
  const source = document.createElementNS('http://www.w3.org/2000/svg', 'desc');
  source.textContent = code;
  svg.prepend(source);
  return new XMLSerializer().serializeToString(svg);
};
