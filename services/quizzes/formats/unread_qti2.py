"""What the reader of QTI 2 and 3 looks at, see `unread`; HTML between its elements is read as HTML is."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from services.quizzes.formats.unread import ANY, Known, names, read

_HTML_NAMES = (
    'a abbr acronym address article aside b bdi bdo blockquote br caption cite code col colgroup contentBody dd del '
    'dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd label li main nav object ol '
    'p pre q rb rp rt ruby s samp section small span strong sub sup table tbody td tfoot th thead tr tt u ul var'
)
_HTML = frozenset(_HTML_NAMES.split())
_PLAIN = 'correctResponse defaultValue simpleMatchSet'
ALIKE = 0.001
"""points by which sums differ that are the same, rounded"""
_SINGLE = frozenset({'0', '1'})

KNOWN = Known(
    elements=read(
        assessmentItem='identifier title toolName toolVersion schemaLocation',
        responseDeclaration='identifier cardinality baseType',
        value='baseType',
        mapping='upperBound',
        mapEntry='mapKey mappedValue caseSensitive',
        outcomeDeclaration='identifier cardinality baseType normalMaximum',
        choiceInteraction='responseIdentifier shuffle maxChoices',
        orderInteraction='responseIdentifier maxChoices',
        matchInteraction='responseIdentifier shuffle maxAssociations',
        textEntryInteraction='responseIdentifier',
        extendedTextInteraction='responseIdentifier',
        simpleChoice='identifier',
        simpleAssociableChoice='identifier',
        prompt='',
        **dict.fromkeys(_PLAIN.split(), ''),
    ),
    usual={
        'assessmentItem@adaptive': frozenset({'false'}),
        'assessmentItem@timeDependent': frozenset({'false'}),
        'mapping@defaultValue': frozenset({'0', '0.0'}),
        'mapping@lowerBound': frozenset({'0', '0.0'}),
        'outcomeDeclaration@normalMinimum': frozenset({'0', '0.0'}),
        'outcomeDeclaration@externalScored': frozenset({'human'}),
        'orderInteraction@shuffle': frozenset({'true', 'TRUE', '1'}),
        'choiceInteraction@minChoices': frozenset({'0'}),
        'choiceInteraction@orientation': frozenset({'vertical'}),
        'orderInteraction@orientation': frozenset({'vertical'}),
        'simpleChoice@fixed': frozenset({'false'}),
        'simpleChoice@showHide': frozenset({'show'}),
        'simpleAssociableChoice@fixed': frozenset({'false'}),
        'simpleAssociableChoice@matchMax': ANY,
        'simpleAssociableChoice@matchMin': frozenset({'0'}),
        'extendedTextInteraction@format': frozenset({'plain'}),
        'textEntryInteraction@base': frozenset({'10'}),
        **{
            f'{tag}@{name}': ANY
            for tag in ('choiceInteraction', 'orderInteraction', 'matchInteraction', 'textEntryInteraction')
            for name in ('id', 'class')
        },
        'matchInteraction@minAssociations': frozenset({'0'}),
    },
    closed=_HTML
    | {
        'itemBody',
        'rubricBlock',
        'feedbackBlock',
        'feedbackInline',
        'modalFeedback',
        'responseProcessing',
        'assessmentStimulusRef',
        'math',
    },
)


def of_item(root: Element) -> list[str]:
    """Return the names of what nobody reads in a question; its interaction stands somewhere in its text."""
    found = list(names(root, KNOWN))
    body = root.find('itemBody')
    for each in _inside(body) if body is not None else ():
        found += names(each, KNOWN) if each.tag in KNOWN.elements else [str(each.tag)]
    found += ['defaultValue'] if root.find('responseDeclaration/defaultValue') is not None else []
    found += [name for name, parts in _MOST.items() if any(_limits(each, name, parts) for each in root.iter())]
    return found + (['upperBound'] if any(map(_caps, root.iterfind('responseDeclaration'))) else [])


_MOST = {'maxChoices': 'simpleChoice', 'maxAssociations': 'simpleMatchSet[1]/simpleAssociableChoice'}


def _limits(interaction: Element, name: str, parts: str) -> bool:
    """Tell whether an interaction lets learners choose fewer than all, where they may choose several."""
    most = interaction.get(name, '0').strip()
    if most in _SINGLE:
        return False
    return not most.isdecimal() or (len(most) < 6 and int(most) < len(interaction.findall(parts)))


def _caps(declared: Element) -> bool:
    """Tell whether pairs give less than they are worth together; where options do, the key has it."""
    mapping = declared.find('mapping')
    if mapping is None or declared.get('baseType') != 'directedPair':
        return False
    try:
        scores = [max(0.0, float(each.get('mappedValue', '0'))) for each in mapping.iterfind('mapEntry')]
        return 0 < float(mapping.get('upperBound', 'inf')) < sum(scores) - ALIKE
    except ValueError:
        return True


def _inside(body: Element) -> Iterator[Element]:
    """Yield what stands between HTML and is none."""
    for each in body:
        if each.tag not in KNOWN.closed:
            yield each
        elif each.tag in _HTML:
            yield from _inside(each)
