"""Brightspace and Blackboard write QTI 1.2 in words of their own: here it becomes what `qti12` reads.

Brightspace counts what was right and wrong in two variables, and gives a question its points as a weight. Blackboard
writes texts in an extension, calls all the points `SCORE.max`, and keeps what belongs together in two lists.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement

_RIGHT, _WRONG = 'D2L_Correct', 'D2L_Incorrect'
_ALL = 'SCORE.max'
_KINDS = {
    **dict.fromkeys(('Arithmetic', 'Significant Figures', 'Calculated', 'Calculated Numeric'), 'calculated_question'),
    **dict.fromkeys(
        ('Fill in the Blank Plus', 'Fill in Multiple Blanks', 'Jumbled Sentence', 'Multi-Short Answer'),
        'fill_in_multiple_blanks_question',
    ),
    **dict.fromkeys(('Essay', 'Short Response', 'Long Answer'), 'essay_question'),
    'File Upload': 'file_upload_question',
}
"""kinds that do not show in how a question is written → what Canvas calls them"""
_CHOICES = frozenset({'response_lid', 'response_grp'})


def make_plain(root: Element) -> None:
    """Write a file as others do; it is changed in place."""
    for element in root.iter():
        if element.tag == 'qti_metadatafield':
            element.tag = 'qtimetadatafield'
        elif element.tag == 'material':
            _take_texts(element)
    for item in root.iter('item'):
        _take_facts(item)
        _take_key(item)
        if item.find('itemmetadata/bbmd_questiontype') is not None:
            _from_blackboard(item)
        if any(each.get('varname') in {_RIGHT, _WRONG} for each in item.iter('setvar')):
            _from_brightspace(item)


def _take_texts(material: Element) -> None:
    for extension in material.findall('mat_extension'):
        for each in extension.findall('mat_formattedtext'):
            each.tag = 'mattext'
            each.set('texttype', 'text/plain' if each.attrib.pop('type', 'HTML') == 'PLAIN_TEXT' else 'text/html')
        material.remove(extension)
        material.extend(extension)


def _take_facts(item: Element) -> None:
    """Say of which kind a question is, and what it gives, as Canvas does."""
    metadata = item.find('itemmetadata')
    if metadata is None:
        return
    fields = {(each.findtext('fieldlabel') or '').strip(): each for each in metadata.iter('qtimetadatafield')}
    weight = fields.get('qmd_weighting')
    points = _text(metadata.find('qmd_absolutescore_max')) or (
        '' if weight is None else _text(weight.find('fieldentry'))
    )
    theirs = fields.get('qmd_questiontype')
    kind = metadata.findtext('bbmd_questiontype') or ('' if theirs is None else _text(theirs.find('fieldentry')))
    for label, value in (
        ('points_possible', points if points.strip('0.') else ''),
        ('question_type', _KINDS.get(kind.strip(), '')),
    ):
        if value and label not in fields:
            field = SubElement(SubElement(metadata, 'qtimetadata'), 'qtimetadatafield')
            SubElement(field, 'fieldlabel').text, SubElement(field, 'fieldentry').text = label, value


def _text(element: Element | None) -> str:
    return '' if element is None else (element.text or '').strip()


def _take_key(item: Element) -> None:
    """Make the model answer to an essay a note for those who grade."""
    for key in item.findall('answer_key'):
        key.tag, key.attrib = 'rubric', {'view': 'Scorer'}
        for material in key.iter('answer_key_material'):
            material.tag = 'flow_mat'


# ---------------------------------------------------------------------------------------------------------- Brightspace


def _from_brightspace(item: Element) -> None:
    scoring = item.find('resprocessing')
    presentation = item.find('presentation')
    if scoring is None or presentation is None:
        return
    for condition in list(scoring.iterfind('respcondition')):
        if _counts(condition, _WRONG) or any(
            each.get('respident', '').startswith('D2L_') for each in _tests(condition)
        ):
            scoring.remove(condition)
    responses = [each for each in presentation.iter() if each.tag in _CHOICES]
    for response in responses:
        response.tag = 'response_lid'
        response.set('ident', response.get('ident') or response.attrib.pop('respident', ''))
    if len(responses) == 1 and responses[0].get('rcardinality') in {'Multiple', 'Ordered'}:
        _put_together(scoring, responses[0])


def _counts(condition: Element, variable: str) -> bool:
    return any(each.get('varname') == variable for each in condition.iterfind('setvar'))


def _put_together(scoring: Element, response: Element) -> None:
    """Make one condition of those that count each choice by itself: all of what is right, in its order."""
    single = [each for each in scoring.iterfind('respcondition') if _counts(each, _RIGHT)]
    named = [test for condition in single for test in condition.iterfind('conditionvar/varequal')]
    right = [(test.text or '').strip() for test in named]
    if response.get('rcardinality') == 'Ordered':  # a place is named for each part
        places = {test.get('respident', ''): (test.text or '').strip() for test in named}
        right = sorted(places, key=lambda part: (len(places[part]), places[part]))
    for condition in single:
        scoring.remove(condition)
    _condition(scoring, response.get('ident', ''), right)


def _condition(scoring: Element, response: str, right: Iterable[str]) -> None:
    condition = SubElement(scoring, 'respcondition')
    together = SubElement(SubElement(condition, 'conditionvar'), 'and')
    for ident in right:
        SubElement(together, 'varequal', respident=response).text = ident
    SubElement(condition, 'setvar', varname='SCORE', action='Set').text = '1'


# ----------------------------------------------------------------------------------------------------------- Blackboard


def _from_blackboard(item: Element) -> None:
    scoring = item.find('resprocessing')
    presentation = item.find('presentation')
    if scoring is None or presentation is None:
        return
    declared = scoring.find('outcomes/decvar')
    whole = '1' if declared is None else declared.attrib.setdefault('maxvalue', '1')
    for each in item.iter():
        for name in 'ident', 'linkrefid':
            if each.get(name) in {'correct', 'incorrect'} and each.tag in {'itemfeedback', 'displayfeedback'}:
                each.set(name, each.get(name, '').capitalize())
    for condition in list(scoring.iterfind('respcondition')):
        for score in condition.iterfind('setvar'):
            score.text = whole if (score.text or '').strip() == _ALL else score.text
        _name_choice(condition)
        if not list(_tests(condition)):
            scoring.remove(condition)
    _name_matches(presentation, scoring)


def _tests(condition: Element) -> Iterator[Element]:
    for variables in condition.iterfind('conditionvar'):
        for each in variables.iter():
            if each.tag == 'varsubset' and each.get('setmatch') == 'Contains':
                each.tag = 'varsubstring'
            if each.tag.startswith('var'):
                yield each


def _name_choice(condition: Element) -> None:
    """What is said of a choice names it where others name the question; its share is a percentage for the screen."""
    for test in _tests(condition):
        if not (test.text or '').strip():
            test.text = test.get('respident', '')
            for score in condition.findall('setvar'):
                condition.remove(score)


def _name_matches(presentation: Element, scoring: Element) -> None:
    """Write what can be chosen beside what it belongs to; it stands in a list of its own, in the same order."""
    block = next((each for each in presentation.iter('flow') if each.get('class') == 'RIGHT_MATCH_BLOCK'), None)
    if block is None:
        return
    rights = [[*each.iter('material')] for each in block]
    for flow in list(presentation.iter('flow')):
        response = flow.find('response_lid')
        if response is None:
            continue
        for label, right in zip(response.iter('response_label'), rights, strict=False):
            label.extend(right)
        for each in [each for each in flow if each is not response]:
            flow.remove(each)
            response.insert(0, each)
    block.clear()
    for condition in scoring.iterfind('respcondition'):
        if condition.find('setvar') is None:
            SubElement(condition, 'setvar', varname='SCORE', action='Set').text = '1'
