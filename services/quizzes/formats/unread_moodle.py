"""What the reader of Moodle XML looks at, see `unread`."""

from services.quizzes.formats.unread import ANY, Known, read

_WITH_TEXT = (
    'questiontext generalfeedback correctfeedback partiallycorrectfeedback incorrectfeedback feedback graderinfo '
    'responsetemplate subquestion'
)
_PLAIN = (
    'quiz name text defaultgrade penalty single shuffleanswers usecase tolerance tolerancetype attachments '
    'minwordlimit maxwordlimit selecttype tags tag category'
)

KNOWN = Known(
    elements=read(
        question='type',
        answer='fraction format',
        file='name path encoding',
        **dict.fromkeys(_WITH_TEXT.split(), 'format'),
        **dict.fromkeys(_PLAIN.split(), ''),
    ),
    usual={
        'hidden': frozenset({'0'}),
        'answernumbering': frozenset({'abc', 'none'}),
        'showstandardinstruction': frozenset({'0'}),
        'responseformat': frozenset({'editor'}),
        'responserequired': frozenset({'0'}),
        'responsefieldlines': frozenset({'10', '15'}),
        'attachmentsrequired': frozenset({'0'}),
        'maxbytes': frozenset({'0'}),
        'unitgradingtype': frozenset({'0'}),
        'unitpenalty': ANY,
        'showunits': frozenset({'3'}),
        'unitsleft': frozenset({'0'}),
        'layouttype': frozenset({'VERTICAL', '0'}),
        'selectcount': ANY,
        'gradingtype': frozenset({'ABSOLUTE_POSITION', '0'}),
        'showgrading': frozenset({'SHOW', '1'}),
        'numberingstyle': frozenset({'none'}),
    },
    closed=frozenset({'hint', 'units'}),
    by_presence=frozenset({'shownumcorrect'}),
)
