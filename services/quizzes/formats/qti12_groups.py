"""Groups of questions in QTI 1.2: what is in them; what they say beside their questions is counted as lost."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from services.quizzes.formats import texts, unread_qti12
from services.quizzes.formats.findings import Findings

_GROUPS = frozenset({'assessment', 'section', 'objectbank'})
_BESIDE = frozenset({'presentation_material', 'rubric'})


def items(element: Element, around: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield each question with the titles of what it is in."""
    if element.tag in _GROUPS:
        title = texts.plain(element.get('title', '') or field(element, 'qtimetadata', 'bank_title')).replace('/', '–')
        around = (*around, title) if title else around
    for child in element:
        if child.tag == 'item':
            yield child, around
        else:
            yield from items(child, around)


def field(element: Element, path: str, label: str) -> str:
    """Return the first field of the metadata with this label."""
    for each in element.iterfind(f'{path}/qtimetadatafield'):
        if (each.findtext('fieldlabel') or '').strip() == label:
            return (each.findtext('fieldentry') or '').strip()
    return ''


def count_lost(root: Element, findings: Findings) -> None:
    """Count texts beside several questions, groups that are drawn from, and banks that did not come along."""
    for group in root.iter():
        if group.tag not in _GROUPS:
            continue
        if any(True for _ in unread_qti12.labels(group)):
            findings.lose('tests')
        for each in group:
            if each.tag in _BESIDE and ''.join(each.itertext()).strip():
                findings.lose('beside')
        if group.find('selection_ordering/selection/sourcebank_ref') is not None:
            findings.lose('banks')
        elif group.find('selection_ordering/selection/selection_number') is not None:
            findings.lose('draws')
