"""Teachers write questions as GIFT by hand: what they mean is read, and what cannot be meant is refused."""

from decimal import Decimal

import pytest

from services.quizzes.formats import gift
from services.quizzes.formats.findings import Item
from services.quizzes.question import WHOLE, CreditRule, NumberAnswer, Option, Pair, Question, QuestionKind, TextAnswer
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('Q9')


def item(text: str) -> Item:
    found = gift.read(text)
    assert [str(problem) for problem in found.problems] == []
    assert len(found.questions) == 1
    return found.questions[0]


def question(text: str) -> Question:
    return item(text).question


def test_a_choice_with_its_feedback() -> None:
    read = question('::Grant::Who is buried?{~%-50%Jefferson#no ~%50%half =Grant#Yes! ####He was a president.}')

    assert (read.kind, read.title, read.text) == (QuestionKind.SINGLE_CHOICE, 'Grant', 'Who is buried?')
    assert read.options == (
        Option(text='Jefferson', credit=-5000, feedback='no'),
        Option(text='half', credit=5000),
        Option(text='Grant', credit=WHOLE, feedback='Yes!'),
    )
    assert read.feedback == 'He was a president.'


@pytest.mark.parametrize('half', ['%50%half', '% 50 %half', '%\t50%half', '%50 % half'])
def test_a_weight_may_have_blanks_inside_as_people_write_it(half: str) -> None:
    read = question(f'What is humus?{{=earth ={half}}}')
    assert [(each.pattern, each.credit) for each in read.texts] == [('earth', WHOLE), ('half', 5000)]


def test_a_weight_that_does_not_end_is_told_of_before_it_is_believed() -> None:
    read = gift.read('What is humus?{=earth =%50half}\n\nWhat is a blank in an address?{=%20 =plus%}')
    assert [str(each) for each in read.warnings] == [
        'Line 1: “%50half” has no second “%”, and is taken as an answer.',
        'Line 3: “%20” has no second “%”, and is taken as an answer.',
    ]
    assert [each.pattern for each in read.questions[1].question.texts] == ['%20', 'plus%']


def test_without_a_single_right_one_several_may_be_chosen() -> None:
    read = question('Which two?{~%50%a ~%50%b ~%-100%c}')

    assert (read.kind, read.credit_rule) == (QuestionKind.MULTIPLE_CHOICE, CreditRule.OWN_WEIGHTS)
    assert [option.credit for option in read.options] == [5000, 5000, -WHOLE]


def test_numbers_with_tolerances_ranges_and_bands() -> None:
    assert question('pi?{#3.14:0.005}').numbers == (NumberAnswer(value=Decimal('3.14'), tolerance=Decimal('0.005')),)
    assert question('1 to 2?{#1..2}').numbers == (NumberAnswer(value=Decimal('1.5'), tolerance=Decimal('0.5')),)
    assert question('When?{#=1822:0#yes =%50%1822:2#nearly ~#no}').numbers == (
        NumberAnswer(value=Decimal(1822), feedback='yes'),
        NumberAnswer(value=Decimal(1822), tolerance=Decimal(2), credit=5000, feedback='nearly'),
        NumberAnswer(value=Decimal(0), credit=0, feedback='no', is_any=True),
    )


def test_statements_words_pairs_and_essays() -> None:
    assert question('The sun is hot.{T#No, look up.#Yes.}').options == (
        Option(credit=WHOLE, feedback='Yes.'),
        Option(credit=0, feedback='No, look up.'),
    )
    assert question('2+2 \\= {=four =%50%for#nearly}.').texts == (
        TextAnswer(pattern='four'),
        TextAnswer(pattern='for', credit=5000, feedback='nearly'),
    )
    assert question('Capitals{=Italy->Rome =Japan -> Tokyo = -> Oslo}').pairs == (
        Pair(left='Italy', right='Rome'),
        Pair(left='Japan', right='Tokyo'),
        Pair(right='Oslo'),
    )
    assert question('How are you?{}').kind is QuestionKind.ESSAY


def test_a_gap_stays_where_the_answers_stood() -> None:
    assert question('[markdown]Grant is {~a =b} in a tomb.').text == 'Grant is _____ in a tomb.'


def test_escapes_formats_and_lines() -> None:
    read = question('[markdown]**Solve** \\{x\\} \\~ \\# \\:\\n2 \\\\n{=[html]<b>3</b>&amp; =\\=4 }')

    assert read.text == '**Solve** {x} ~ # :\n2 \\n'
    assert [text.pattern for text in read.texts] == ['3&', '=4']
    assert question('[plain]a <b>{}').text == 'a \\<b\\>'
    assert question('a <b>bold</b> word{}').text == 'a **bold** word'
    assert question('if a < b and b > c{}').text == 'if a \\< b and b \\> c'


def test_categories_tags_and_comments() -> None:
    read = gift.read(
        '$CATEGORY: $course$/top/Unit 1: Sky/Moons\n\n// a remark\n// [id:1] [tag:sky] [tag:night]\nWhy?{}\n\n'
        '$CATEGORY: Sea\nWhere?\n// in between\nHere?{}\n'
    )

    assert [(item.category, item.line, item.question.tags) for item in read.questions] == [
        ('Unit 1: Sky/Moons', 5, ('sky', 'night')),
        ('Sea', 8, ()),
    ]
    assert read.questions[1].question.text == 'Where?\nHere?'


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('Which?{~a ~b}', 'no option is marked as right'),
        ('Which?{=a}{', 'belong together'),
        ('Which?{~%x%a =b}', '“x” is not a number'),
        ('Which?{~%150%a =b}', 'more than all the credit'),
        ('Which?{a ~b =c}', '“a” has no “=” or “~”'),
        ('Which?{=a', 'belong together; a blank line ends a question'),
        ('Which? a}', 'belong together'),
        ('Which? }{', 'belong together'),
        ('How many?{#}', 'no number is marked as right'),
        ('How many?{#3:-1}', 'cannot be below 0'),
        ('How many?{#5..1}', 'no range'),
        ('How many?{#NaN}', '“NaN” is not a number'),
        ('How many?{#1e999}', 'not a number'),
        ('{=Asia}', 'the question has no text'),
        ('Match{=a->b =c}', 'the pair “c” has no “->”'),
        ('Match{=a->b}', 'fewer than two pairs'),
        ('Match{=a-> =b->c}', 'a pair has nothing to choose'),
    ],
)
def test_a_key_is_never_guessed(text: str, problem: str) -> None:
    read = gift.read(f'// first\n\n{text}')

    assert [str(each) for each in read.problems if problem and problem in str(each)] == [
        str(each) for each in read.problems
    ]
    assert bool(read.problems) is bool(problem)
    assert all(str(each).startswith('Line 3: ') for each in read.problems)


def test_text_without_a_question_is_listed() -> None:
    read = gift.read('Take a pencil.\n\nWhy?{}')

    assert [str(each) for each in read.left_out] == [
        'Line 1: a text without a question (there are no braces) is not taken over.'
    ]
    assert len(read.questions) == 1


def test_too_many_questions_are_refused_before_all_are_read() -> None:
    read = gift.read('a{}\n\n' * 20_000)

    assert [str(each) for each in read.problems] == ['A file has at most 5000 questions. Split it.']
    assert len(read.questions) == 5000


def test_a_thousand_questions_are_read_in_less_than_two_seconds() -> None:
    text = '\n\n'.join(
        f'::Q {n}::[html]<p>What is <b>{n}</b> + 1?</p>{{~{n}#no ~<i>{n}</i>#no =%100%{n + 1}#<p>yes</p>####Count.}}'
        for n in range(1000)
    )
    with work_of_at_most(2):
        read = gift.read(text)
    assert len(read.questions) == 1000


@pytest.mark.parametrize(
    'text',
    [
        '{' * 100_000,
        '}' * 100_000,
        'a{' + '~' * 100_000 + '}',
        'a{' + '=' * 100_000 + '}',
        'a{=' + '->' * 100_000 + '}',
        'a{#' + '=1' * 50_000 + '}',
        'a{' + '#' * 100_000 + '}',
        'a{' + '####' * 100_000 + '}',
        '::' * 1_000_000,
        '\\' * 5_000_000,
        'a' * 5_000_000,
        'a{=' + 'a' * 5_000_000 + '}',
        '// [tag:' * 500_000,
        '%' * 1_000_000 + '{=%' + '%' * 1_000_000 + '}',
        '\n' * 5_000_000,
        'a{}\n\n' * 20_000,
        '[html]' + '<b>' * 500_000 + '{}',
        'a{=' + 'a ' * 1_000_000 + '}',
        'a{' + '= ' * 100_000 + '}',
        'a{=' + '– ' * 1_000_000 + '}',
        '&' * 1_000_000 + '{}',
    ],
    ids=lambda text: text[:8],
)
def test_a_file_that_was_made_to_be_slow_is_not(text: str) -> None:
    with work_of_at_most(4):
        gift.read(text)


@pytest.mark.parametrize('second', ['Is it? {T}', 'How many? {#3}', 'Which? {=a ~b}', 'Is it? {False#no#yes}'])
def test_a_question_without_a_blank_line_before_it_is_not_lost_in_the_one_above(second: str) -> None:
    found = gift.read(f'Who? {{=a ~b}}\n{second}\n\nLast? {{T}}')
    assert [str(each).partition(';')[0] for each in found.problems] == ['Line 1: two questions stand here, or two gaps']


def test_braces_of_a_formula_behind_a_gap_stay_text() -> None:
    assert question('It is {=a ~b} of $x^{2}$ and $\\frac{1}{y}$.').text.count('{') == 3


def test_some_programs_mark_the_right_option_with_both_signs() -> None:
    for written in '{~=Paris ~Lyon}', '{\n~ =Paris\n~Lyon\n}':
        read = question(f'Capital? {written}')
        assert read.kind is QuestionKind.SINGLE_CHOICE
        assert read.options == (Option(text='Paris', credit=WHOLE), Option(text='Lyon'))


@pytest.mark.parametrize(
    ('text', 'sign', 'meant'),
    [
        ('Which?{=Paris ～Lyon}', '～', '~'),
        ('Which?{＝Paris ~Lyon}', '＝', '='),
        ('Which?{~Lyon ＝Paris =Rome}', '＝', '='),
        ('Which?{=Paris\n〜Lyon}', '〜', '~'),
        ('How many?{＃3}', '＃', '#'),
        ('Is it?{FALSE＃no}', '＃', '#'),
        ('Which?{=earth =％50％humus}', '％', '%'),
        ('Which?｛＝Paris ～Lyon｝', '｛', '{'),
        ('：：Towns：：Which?{=Paris ~Lyon}', '：：', '::'),
        ('Match{=a –> b =c –> d}', '–>', '->'),
        ('Match{=a => b =c => d}', '=>', '->'),
    ],
)
def test_a_sign_that_only_looks_like_one_is_refused_where_it_would_change_the_key(
    text: str, sign: str, meant: str
) -> None:
    read = gift.read(f'// first\n\n{text}')
    assert [str(each) for each in read.problems] == [
        f'Line 3: “{sign}” only looks like “{meant}”. Write “{meant}”, or “\\{sign}” where it is a part of the text.'
    ]


def test_a_sign_that_only_looks_like_one_may_be_a_part_of_an_answer_and_is_told_of() -> None:
    read = gift.read('Which?{=1～3 ~4～6}\n\nWhich?{=\\～ ~x \\＝ 3}\n\nWhat happens?{=A → B}')
    assert [str(each) for each in read.warnings] == [
        'Line 1: “～” only looks like “~”, and is taken as a part of an answer.',
        'Line 5: “→” makes no pairs as “->” does, and is taken as a part of an answer.',
    ]
    assert [option.text for each in read.questions for option in each.question.options] == [
        '1～3',
        '4～6',
        '～',
        'x ＝ 3',
    ]


@pytest.mark.parametrize(
    'answers', ['=a -> b\n=> 5 -> more', '=a -> b => 5 -> more', '=A –> B ~B –> A', '=a –> b -> c =d -> e']
)
def test_an_arrow_in_a_text_is_no_arrow_of_a_pair(answers: str) -> None:
    read = gift.read(f'Which?{{{answers}}}')
    assert (read.problems, len(read.questions)) == ((), 1)


@pytest.mark.parametrize('letter', ['Т', 'Ｔ', 'Ｆ#no'])
def test_a_letter_of_another_alphabet_is_no_statement_and_no_word_either(letter: str) -> None:
    (problem,) = gift.read(f'Is it so?{{{letter}}}').problems
    assert str(problem) == f'Line 1: “{letter}” is a letter of another alphabet. Write “T” or “F”.'


def test_an_answer_that_has_lost_its_sign_is_told_of() -> None:
    for answers in '=China\n~India\nKorea', '=China#yes\nKorea\n~India', '=one\n=two\nKorea':
        assert gift.read(f'Which?{{{answers}}}'.replace('Korea', '%50%Korea')).warnings
        (warning,) = gift.read(f'Which?{{\n{answers}\n}}').warnings
        assert str(warning) == 'Line 1: “Korea” has no sign before it, and is taken as a part of the answer above.'
    assert gift.read('Which?{\n=China\n# yes\n~India\n}\n\nIs it?{T#No,\nlook.}').warnings == ()


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('Is it?{F}}\nIs this?{T\n', 'belong together'),
        ('Is it?{T}{\nIs this?\nT#yes}', 'two questions stand here'),
        ('Is it?{T}\n::Sea::Which? { \nAsia }', 'two questions stand here'),
        ('How many?{#1...5}', 'is not a number'),
    ],
)
def test_a_sign_too_many_loses_no_question_and_no_number(text: str, problem: str) -> None:
    (found,) = gift.read(text).problems
    assert problem in str(found)


def test_a_weight_with_a_sign_too_many_is_told_of() -> None:
    warning, *_ = gift.read('Which?{~%50%a ~%50%b ~%%-100%c}').warnings
    assert str(warning) == 'Line 1: “%%-100%c” has no second “%”, and is taken as an answer.'
