"""What a program can see of any page: it does not scroll sideways, and no text is cut off, covered or hard to hit."""

from playwright.async_api import Page

FAULTS = """
({ least, target }) => {
  const faults = [];
  const tell = (what, element) => {
    const name = (element.getAttribute('class') || element.tagName).slice(0, 60);
    const text = (element.textContent || element.getAttribute('aria-label') || '').trim().slice(0, 40);
    faults.push(`${what}: ${name} "${text}"`);
  };
  const slack = 1.5, page = document.scrollingElement;
  const unseen = '.visually-hidden, .ag-aria-description-container, .q-loading-bar, .q-notifications, #popup, '
    + '[aria-hidden=true], [inert]';
  // A table that a phone lays out as lines keeps its head for screen readers alone, as `visually-hidden` does.
  const isClipped = (head) => head && style(head).clipPath !== 'none';
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.closest(unseen)
    && !isClipped(element.closest('thead'));
  const style = (element) => getComputedStyle(element);
  const isShortened = (element) => style(element).textOverflow === 'ellipsis'
    || style(element).webkitLineClamp !== 'none' || style(element).maskImage.startsWith('linear');
  const scrolls = (element) => ['auto', 'scroll'].includes(style(element).overflowX)
    || ['auto', 'scroll'].includes(style(element).overflowY);
  const isPinned = (element) => {
    for (let outer = element; outer && outer !== document.body; outer = outer.parentElement)
      if (['fixed', 'sticky'].includes(style(outer).position)) return true;
    return false;
  };
  if (page.scrollWidth > innerWidth + slack) {
    const wide = [...document.querySelectorAll('body *')].filter((element) =>
      seen(element) && element.getBoundingClientRect().right > innerWidth + slack);
    tell(`scrolls sideways (${page.scrollWidth})`, wide[wide.length - 1] || page);
  }
  // narrow columns of the grid have their number alone, on purpose
  const leftOut = 'script, style, svg, select, video, .ag-header-cell-text';
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || !seen(element) || element.closest(leftOut)) continue;
    const size = parseFloat(style(element).fontSize);
    if (!size) continue;  // a picture stands in its place
    if (size < least) tell(`small text (${size})`, element);
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const part of range.getClientRects()) {
      let box = { left: part.left, right: part.right, top: part.top, bottom: part.bottom }, isInside = true;
      for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
        const { overflowX, overflowY } = style(outer);
        if (overflowX === 'visible' && overflowY === 'visible') continue;
        const edge = outer.getBoundingClientRect();
        const over = Math.max(edge.left - box.left, box.right - edge.right);
        const above = Math.max(edge.top - box.top, box.bottom - edge.bottom) - size * 0.25;
        const isCut = over > slack || above > slack;
        if (isInside && isCut && !scrolls(outer) && !isShortened(outer)) tell('cut off', element);
        if (isCut) isInside = false;
        box = {
          left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right),
          top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom),
        };
      }
      if (box.right - box.left > 2 && box.bottom - box.top > 2) boxes.push([box, element, size]);
    }
  }
  boxes.sort((one, other) => one[0].top - other[0].top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
      const [one, a, big] = boxes[i], [other, b, size] = boxes[j];
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const isApart = a.contains(b) || b.contains(a) || isPinned(a) !== isPinned(b);
      if (wide > 3 && high > 3 + 0.35 * Math.max(big, size) && !isApart)
        tell(`overlaps "${a.textContent.trim().slice(0, 20)}"`, b);
    }
  const pressed = 'button, input, textarea, select, summary, [role=button], [role=radio], [role=switch], '
    + '[role=checkbox], [role=tab], [role=menuitem], a.button-quiet, a.button-primary, nav a';
  if (target)
    for (const element of document.querySelectorAll(pressed)) {
      if (!seen(element) || element.type === 'hidden' || element.type === 'file') continue;
      const around = element.closest('label, .q-field__control, .q-toggle, .q-checkbox, .q-radio') || element;
      const box = around.getBoundingClientRect();
      if (box.width && (box.height < target - 0.5 || box.width < target - 0.5))
        tell(`hard to hit (${Math.round(box.width)} x ${Math.round(box.height)})`, element);
    }
  return [...new Set(faults)].slice(0, 15);
}
"""


async def faults_of(page: Page, *, least: float = 11, target: float = 0) -> list[str]:
    """Return what is wrong with a page: `least` pixels for a text, `target` for what is pressed with a finger."""
    found: list[str] = await page.evaluate(FAULTS, {'least': least, 'target': target})
    return found
