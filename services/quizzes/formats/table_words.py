"""The words for the kinds of questions in a table, and for what is true, in the languages that tables come in."""

from services.quizzes.question import QuestionKind

_KINDS = {
    QuestionKind.SINGLE_CHOICE: 'single choice|single|choice|multiple choice single|einfachauswahl|choix unique',
    QuestionKind.MULTIPLE_CHOICE: 'multiple choice|multiple|several|multiple answers|checkbox'
    '|mehrfachauswahl|choix multiple',
    QuestionKind.TRUE_FALSE: 'true or false|true false|truefalse|tf|wahr falsch|vrai faux|verdadero falso',
    QuestionKind.NUMERIC: 'number|numeric|numerical|zahl|nombre|número',
    QuestionKind.SHORT_TEXT: 'short text|short answer|fill in the blank|text'
    '|kurzantwort|réponse courte|respuesta corta',
    QuestionKind.ESSAY: 'essay|long text|open ended|freitext|composition|ensayo',
    QuestionKind.MATCHING: 'matching|match|pairs|zuordnung|appariement|emparejamiento',
    QuestionKind.ORDERING: 'ordering|order|reorder|reihenfolge|ordre|orden',
}
NO_KEY = frozenset({'poll', 'draw', 'word cloud', 'video response', 'audio response', 'slide'})
"""kinds of Quizizz that nothing is right in"""
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split('|')}
TRUE = frozenset({'true', 't', 'yes', 'wahr', 'richtig', 'vrai', 'verdadero'})
FALSE = frozenset({'false', 'f', 'no', 'falsch', 'faux', 'falso'})
