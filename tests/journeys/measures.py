"""What a browser can measure of a page, as scripts that return a list of faults."""

SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# Where axe was loaded: the rules that are broken, and by what.
AXE_FAULTS = """async options => {
  const found = await axe.run({resultTypes: ['violations'], ...options});
  return found.violations.map(
    each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 120)).join(' ')}`
  );
}"""

FROM_THE_RIGHT = "document.documentElement.dir = 'rtl'"

# The admin fades its links from one theme's colour to the other's: here they are there at once. To
# wait for it could take for ever, because a page that nobody looks at may draw nothing.
SETTLE_COLOURS = "document.getAnimations().forEach(each => each.finish())"

# A sheet made by script: our Content-Security-Policy lets no other style in.
ADD_STYLE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""

# WCAG 1.4.12 and 1.4.4.
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; "
    "word-spacing: .16em !important } p { margin-block-end: 2em !important }"
)
DOUBLE_TEXT = "html { font-size: 200% }"
LARGER_TEXT = ((320, TEXT_SPACING), (640, DOUBLE_TEXT))

# Text, also what styles generate, against the nearest background below it that is not transparent:
# as it looks where it, or what it stands in, lets the background through.
WEAK_CONTRAST = """least => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const parts = colour => {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      known.set(colour, [...brush.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const luminance = ([r, g, b]) => {
    const straighten = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const linear = [r, g, b].map(v => straighten(v / 255));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const opacity = element => {
    let through = 1;
    for (let e = element; e; e = e.parentElement) through *= getComputedStyle(e).opacity;
    return through;
  };
  const faults = new Set();
  const look = (text, style, through, below) => {
    const colour = parts(style.color);
    const seen = through * colour[3] / 255;
    const blended = below.map((v, i) => v + (colour[i] - v) * seen);
    const [a, b] = [blended, below].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) faults.add(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  };
  const isSeen = element => element.checkVisibility() && !element.closest('.vh');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !isSeen(element)) continue;
    look(text, getComputedStyle(element), opacity(element), ground(element));
  }
  for (const element of document.body.querySelectorAll('*')) {
    for (const part of ['::before', '::after']) {
      const style = getComputedStyle(element, part);
      const [, text] = style.content.match(/^"(.*\\S.*)"/) || [];
      if (!text || !isSeen(element)) continue;
      const own = parts(style.backgroundColor);
      const below = own[3] === 255 ? own : ground(element);
      look(text, style, opacity(element) * style.opacity, below);
    }
  }
  return [...faults];
}"""

# WCAG 2.5.8: a target that does not stand inside a sentence.
SMALL_TARGETS = """least => [...document.querySelectorAll(
    'a, button, input, textarea, select, summary, label:has(input)'
  )]
  .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.closest('[aria-hidden], .skip'))
  .filter(e => {
    const around = [...e.parentElement.childNodes]
      .filter(node => node !== e).map(node => node.textContent).join('').trim();
    const isInSentence = getComputedStyle(e).display === 'inline' && around;
    const box = e.getBoundingClientRect();
    return !isInSentence && (box.width < least || box.height < least);
  })
  .map(e => [e.getBoundingClientRect(), e.textContent.trim() || e.name])
  .map(([box, name]) => `${box.width.toFixed(0)} by ${box.height.toFixed(0)} px: ${name}`)"""

# Words of a drawing that are cut off at its edge, or written over one another or over a mark.
CROWDED_FIGURES = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const frame = chart.getBoundingClientRect();
  const words = [...chart.querySelectorAll('text')]
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  const cut = words.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  const touching = words.flatMap(([one, a], place) => words.slice(place + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right
      && a.top + 4 < b.bottom - 4 && b.top + 4 < a.bottom - 4)
    .map(([other]) => `“${one}” touches “${other}”`));
  const marks = [...chart.querySelectorAll('circle, path:not(.today)')]
    .map(mark => mark.getBoundingClientRect());
  const covering = words.filter(([, box]) => marks.some(mark => box.left < mark.right
    && mark.left < box.right && box.top + 4 < mark.bottom && mark.top < box.bottom - 4));
  return [
    ...cut.map(([text]) => `“${text}” is cut off`),
    ...touching,
    ...covering.map(([text]) => `“${text}” covers a mark`),
  ];
})"""

# Where the first screen ends, and what stands on it: in CSS pixels from the top.
FIRST_SCREEN = """() => {
  const end = element => Math.round(element.getBoundingClientRect().bottom);
  const verdict = document.createRange();
  verdict.selectNode(document.querySelector('h1').lastChild);
  const waits = [...document.querySelectorAll('.waits li p:first-child')].map(end);
  return {
    verdict: end(verdict),
    help: end(document.querySelector('.hero .btn')),
    'first wait': waits[0],
    'last wait': waits.at(-1),
  };
}"""

# A link may have the height of its letters: of the fonts that a visitor may have.
IN_FONT = ":root {{ --font: '{}' }}"
