"""What a program can see of a picture: nothing scrolls, is cut off or overlaps, and no text is too small."""

from playwright.async_api import Page

FAULTS = """
(least) => {
  const faults = [];
  const tell = (what, element) => {
    const name = element.className || element.tagName;
    if (faults.length < 12) faults.push(`${what}: ${name} "${(element.textContent || '').slice(0, 40)}"`);
  };
  const root = document.querySelector('.projector');
  const width = innerWidth, height = innerHeight, slack = 1.5;
  const beyond = (box) =>
    box.left < -slack || box.right > width + slack || box.top < -slack || box.bottom > height + slack;
  for (const part of [document.scrollingElement, document.body, root])
    if (part.scrollHeight > part.clientHeight + slack || part.scrollWidth > part.clientWidth + slack)
      tell('scrolls', part);
  const seen = (element) => element.checkVisibility() && !element.closest('.wall-controls, .visually-hidden, .prose');
  const shortened = (element) => {
    const style = getComputedStyle(element);
    if (element.closest('.wall-tile')) return false;  // names have shorter forms there
    return style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
  };
  const boxes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || !seen(element)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least - 0.05) tell(`small (${size.toFixed(1)})`, element);
    const range = document.createRange();
    range.selectNodeContents(node);
    let box = range.getBoundingClientRect();
    box = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
    for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowX === 'visible') continue;
      const edge = outer.getBoundingClientRect(), cuts = !shortened(outer);
      const over = Math.max(edge.left - box.left, box.right - edge.right);
      const above = Math.max(edge.top - box.top, box.bottom - edge.bottom) - size * 0.2;
      if (cuts && (over > slack || above > slack)) tell('cut off', element);
      if (edge.right - edge.left < 3 * size || edge.bottom - edge.top < 0.9 * size) tell('no room', outer);
      box = {
        left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right),
        top: Math.max(box.top, edge.top), bottom: Math.min(box.bottom, edge.bottom),
      };
    }
    if (beyond(box)) tell('outside', element);
    boxes.push([box, element, size]);
  }
  for (const mark of root.querySelectorAll('.wall-marks i, .join-code-picture svg')) {
    if (!seen(mark)) continue;
    const box = mark.getBoundingClientRect();
    if (Math.min(box.width, box.height) < least * 0.4) tell(`small mark (${box.width.toFixed(1)})`, mark);
    if (beyond(box)) tell('outside', mark);
    boxes.push([box, mark, 0]);
  }
  boxes.sort((one, other) => one[0].top - other[0].top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j][0].top < boxes[i][0].bottom; j++) {
      const [one, a, big] = boxes[i], [other, b, size] = boxes[j];
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > 2 && high > 2 + 0.3 * Math.max(big, size) && !a.contains(b) && !b.contains(a)) tell('overlaps', b);
    }
  return faults;
}
"""


NEXT_PICTURES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'


async def faults_of(page: Page, height: int) -> list[str]:
    """Return what is wrong with the projector's picture on a screen of this height, and stays wrong.

    A busy browser may be asked between two of the steps in which it lays out for another size.
    """
    found: list[str] = []
    for _ in range(3):
        found = await page.evaluate(FAULTS, 28 * height / 1080)
        if not found:
            break
        await page.evaluate(NEXT_PICTURES)
    return found
