"""What the reader of QTI 1.2 looks at, see `unread`; facts in metadata are found by their labels."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from services.quizzes.formats.unread import ANY, Known, names, read

_PLAIN = (
    'itemmetadata qtimetadata qtimetadatafield fieldlabel fieldentry presentation flow flow_label flow_mat material '
    'render_extension render_hotspot resprocessing outcomes conditionvar respcondition and or not other unanswered '
    'itemrubric solution solutionmaterial bbmd_asi_object_id bbmd_asitype bbmd_questiontype qmd_absolutescore_max '
    'bbmd_assessmenttype bbmd_sectiontype'
)
_LEAST_AND_MOST = 'maxchars', 'minnumber', 'maxnumber'
_TESTS = 'varequal vargt vargte varlt varlte varsubstring'
_OF_BRIGHTSPACE = frozenset(
    {'qmd_questiontype', 'qmd_computerscored', 'qmd_globalid', 'qmd_displayid', 'qmd_weighting'}
)
_OF_PROGRAMS = frozenset({'original_answer_ids', 'assessment_question_identifierref', 'qmd_assessmenttype'})
_READ = frozenset({'question_type', 'cc_profile', 'points_possible', 'bank_title'})

KNOWN = Known(
    elements=read(
        item='ident title',
        mattext='texttype',
        matemtext='texttype',
        matimage='uri embedded imagtype label',
        matbreak='',
        response_lid='ident rcardinality',
        response_str='ident rcardinality',
        response_num='ident rcardinality numtype',
        render_choice='shuffle',
        ims_render_object='shuffle',
        render_fib='fibtype prompt',
        response_label='ident',
        rubric='view',
        decvar='varname vartype maxvalue',
        setvar='varname variablename action',
        displayfeedback='feedbacktype linkrefid',
        itemfeedback='ident view',
        **dict.fromkeys(_TESTS.split(), 'respident case setmatch'),
        **dict.fromkeys(_PLAIN.split(), ''),
    ),
    usual={
        'item@label': ANY,
        'item@page': ANY,
        'item@maxattempts': frozenset({'0'}),
        **{f'{flow}@class': ANY for flow in ('flow', 'flow_label', 'flow_mat')},
        **{f'render_fib@{name}': ANY for name in ('rows', 'columns', 'charset', 'encoding')},
        **{f'{box}@{name}': frozenset({'0'}) for box in ('render_fib', 'render_choice') for name in _LEAST_AND_MOST},
        'mattext@charset': ANY,
        'resprocessing@scoremodel': frozenset({'SumOfScores'}),
        'solution@view': frozenset({'All'}),
        'solution@feedbackstyle': ANY,
        'bbmd_partialcredit': frozenset({'false'}),
        'bbmd_is_extracredit': frozenset({'false'}),
        'bbmd_is_from_cartridge': ANY,
        'bbmd_is_disabled': frozenset({'false'}),
        'bbmd_negative_points_ind': frozenset({'N'}),
        'bbmd_canvas_fullcrdt_ind': frozenset({'false'}),
        'bbmd_all_fullcredit_ind': frozenset({'false'}),
        'bbmd_numbertype': ANY,
        'bbmd_orientationtype': ANY,
        'qmd_weighting': ANY,
        'presentation@label': ANY,
        'decvar@defaultval': frozenset({'0', '0.0'}),
        'decvar@minvalue': frozenset({'0', '0.0'}),
        'respcondition@title': ANY,
        'respcondition@continue': ANY,
        'response_lid@rtiming': frozenset({'No'}),
        'response_str@rtiming': frozenset({'No'}),
        'response_num@rtiming': frozenset({'No'}),
        'response_label@rshuffle': frozenset({'Yes'}),
        'response_label@shuffle': frozenset({'Yes'}),
        'setvar@continue': ANY,
        **{f'{test}@index': ANY for test in _TESTS.split()},
    },
    closed=frozenset({'mataudio', 'matvideo', 'matapplet', 'matapplication', 'p', 'div', 'span', 'strong', 'em', 'br'}),
)


def of_item(item: Element) -> list[str]:
    """Return the names of what nobody reads in a question."""
    return [*labels(item, 'itemmetadata/qtimetadata'), *names(item, KNOWN)]


def labels(element: Element, path: str = 'qtimetadata') -> Iterator[str]:
    """Yield the labels of facts about a question, or a group of them, that nobody reads."""
    for each in element.iterfind(f'{path}/qtimetadatafield'):
        label = (each.findtext('fieldlabel') or '').strip()
        if label not in _READ | _OF_PROGRAMS | _OF_BRIGHTSPACE and (each.findtext('fieldentry') or '').strip():
            yield label
