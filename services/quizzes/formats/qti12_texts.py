"""Texts of QTI 1.2 as Markdown, with the pictures in them."""

from xml.etree.ElementTree import Element

from services.core.safe_xml import inner_html
from services.quizzes.formats import texts
from services.quizzes.formats.findings import Findings
from services.quizzes.formats.pictures import Pictures

RESPONSES = frozenset({'response_lid', 'response_str', 'response_num', 'response_xy', 'response_grp'})
_MEDIA = frozenset({'mataudio', 'matvideo', 'matapplet', 'matapplication'})


class Texts:
    """Reads the texts of one question, and keeps its pictures."""

    def __init__(self, findings: Findings, files: texts.Attached) -> None:
        self.pictures = Pictures()
        self._findings = findings
        self._files = files

    def material(self, element: Element) -> str:
        """Return the texts of an element as Markdown, without those of the answers in it."""
        found = []
        for material in outermost(element, frozenset({'material'}), without=RESPONSES | {'response_label'}):
            found += [self._part(part) for part in material]
        return '\n\n'.join(text for text in found if text)

    def _part(self, part: Element) -> str:
        if part.tag == 'matimage':
            image = Element('img', src=_address(part), alt=part.get('label', ''))
            return self._html(inner_html(_around(image)))
        if part.tag in _MEDIA:
            self._findings.lose('media')
        if part.tag not in {'mattext', 'matemtext'}:
            return ''
        if len(part):
            return self._html(inner_html(part))
        if part.get('texttype', 'text/plain') in {'text/html', 'text/xhtml'}:
            return self._html(part.text or '')
        return texts.from_plain(part.text or '')

    def plain(self, element: Element) -> str:
        """Return the texts of an element without what only HTML can say."""
        return texts.plain(
            ' '.join(inner_html(each) if len(each) else each.text or '' for each in element.iter('mattext'))
        )

    def _html(self, written: str) -> str:
        return texts.from_html(written, self.pictures, self._findings.lose, self._files)


def outermost(element: Element, tags: frozenset[str], *, without: frozenset[str] = frozenset()) -> list[Element]:
    """Return the elements of these names that are in no other of them."""
    found = []
    for child in element:
        if child.tag in tags:
            found.append(child)
        elif child.tag not in without:
            found += outermost(child, tags, without=without)
    return found


def _address(image: Element) -> str:
    """Return where a picture lies, or the picture itself where it is written into the file."""
    if image.get('embedded') == 'base64':
        return f'data:{image.get("imagtype", "")};base64,{"".join((image.text or "").split())}'
    return image.get('uri', '')


def _around(element: Element) -> Element:
    around = Element('div')
    around.append(element)
    return around
