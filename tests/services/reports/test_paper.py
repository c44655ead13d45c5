"""A report on paper: accessible, in any script, and whatever somebody typed is only text."""

import io
import re
import sys

import pdfua
import pypdfium2
import pytest
from pdfua import Severity

from services.core import typesetting
from services.core.typesetting import NotPrinted
from services.enums import ReportDetail, ReportKind
from services.reports.performance import paper
from services.reports.performance.document import Options, PerformanceReport
from tests.factories.reports import a_reported_learner, give_extra_credit, report_of
from tests.support.servers import skip_or_insist

pytestmark = [pytest.mark.req('R1', 'O5'), pytest.mark.usefixtures('db')]

EVERYTHING = Options(kind=ReportKind.COMPREHENSIVE, detail=ReportDetail.COMPREHENSIVE)


async def printed(report: PerformanceReport, *, language: str = '', all_letters: bool = True) -> bytes:
    facts = paper.facts_of(report, language)
    try:
        return await typesetting.make_pdf(paper.TEMPLATE, facts, all_letters=all_letters)
    except NotPrinted as problem:
        if 'No font' not in str(problem):
            raise
        skip_or_insist(f'{problem} On Debian: apt install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji')
        raise


def words_of(pdf: bytes) -> tuple[list[str], str]:
    """The text of each page in one line, and the title."""
    with pypdfium2.PdfDocument(pdf) as document:
        title = document.get_metadata_value('Title')
        pages = [page.get_textpage().get_text_range() for page in document]
    return [' '.join(page.split()) for page in pages], title


async def test_it_is_accessible_and_says_what_the_page_says() -> None:
    at_hand = await a_reported_learner()

    pdf = await printed(await report_of(at_hand, options=EVERYTHING))

    found = pdfua.validate(io.BytesIO(pdf))
    assert [each.message for each in found.findings if each.severity is Severity.ERROR] == []
    assert b'pdfuaid:part>1<' in pdf
    pages, title = words_of(pdf)
    assert title == 'Comprehensive report: Lena Learner'
    for words in (
        'Behind the schedule',
        'Lena Learner has done 4 of 6 steps. One step is overdue: “Step 2”.',
        'Whom to ask',
        'Bring a sample',
    ):
        assert words in pages[0]
    assert '60.7 %' not in pages[0], 'figures come from page two on'
    rest = ' '.join(pages[1:])
    for words in ('60.7 %', 'Quiz 2 7 Mar 2027 100 25 % better than before', 'Say why.', 'Homework club', 'In class'):
        assert words in rest
    assert f'Page {len(pages)} of {len(pages)}' in pages[-1]


async def test_extra_credit_is_printed_as_it_was_given() -> None:
    at_hand = await a_reported_learner()
    await give_extra_credit(at_hand)

    pdf = await printed(await report_of(at_hand, options=EVERYTHING))

    assert pdfua.validate(io.BytesIO(pdf)).findings == ()
    pages, _ = words_of(pdf)
    whole = ' '.join(pages)
    assert '“Quiz 1”: 120 of 100.' in pages[0]
    assert 'Look again' not in whole, 'what is praised is not asked for again'
    assert re.search(r'Grade\W+120 %', whole), 'the total'
    assert re.search(r'Minutes Best score.* 5 Soil report 6 Mar 2027 7 Mar 2027 0 80 ', whole), 'and what was reached'
    assert re.findall(r'Quiz [12] \w+ \w+ \w+ (\d+)', whole) == ['120', '120']


@pytest.mark.parametrize(
    ('name', 'comment'),
    [
        ('محمد عبد الله', 'أسئلة جيدة، وإجابات أفضل.'),
        ('דוד לוי', 'שאלות טובות.'),
        ('प्रिया शर्मा', 'अच्छे प्रश्न।'),
        ('王小明', '问题很好。'),
        ('Ngô Thị Ánh', 'Ζητά περισσότερα, и много читает.'),
    ],
)
async def test_any_script_has_all_its_letters_and_stays_accessible(name: str, comment: str) -> None:
    at_hand = await a_reported_learner(name=name, comment=comment)

    pdf = await printed(await report_of(at_hand, options=Options()), language='de')

    assert pdfua.validate(io.BytesIO(pdf)).exit_code == 0
    assert name in words_of(pdf)[1]


async def test_what_was_typed_is_only_text() -> None:
    every_block = ''.join(map(chr, range(0x21, sys.maxunicode, 0x77)))
    formula = '=HYPERLINK("http://evil.example";"click") #panic("x") #read("/etc/passwd") $ x^2 $ *b* // /* @ref <l>'
    at_hand = await a_reported_learner(name='#panic("x") $x$', comment=f'{formula}\n{every_block}'[:10_000])

    pdf = await printed(await report_of(at_hand), all_letters=False)

    pages, title = words_of(pdf)
    assert title == 'Progress report: #panic("x") $x$'
    assert ''.join(formula.split()) in ''.join(''.join(pages).split()).replace('\u200b', '')
    assert len(pages) > 3, 'ten thousand letters have room'
    assert pdfua.validate(io.BytesIO(pdf)).findings == (), 'also with letters that no font has'


async def test_a_letter_that_no_font_has_is_its_number_and_the_paper_stays_accessible() -> None:
    comment = 'No sign: \uffff. Nobody has this: \u0378\u0378. "\u0378" \\\u0378 Private: \U000f0000. Drawn: \xe9 😀 𓀀.'
    at_hand = await a_reported_learner(name='Lena \u0378', comment=comment)
    report = await report_of(at_hand)

    pdf = await printed(report, all_letters=False)

    assert pdfua.validate(io.BytesIO(pdf)).findings == ()
    pages, title = words_of(pdf)
    assert title == 'Progress report: Lena [U+0378]'
    said = 'No sign: [U+FFFF]. Nobody has this: [U+0378][U+0378]. "[U+0378]" \\[U+0378] Private: [U+F0000]. Drawn: \xe9'
    assert said in ' '.join(pages).replace('\u200b', '')
    with pytest.raises(NotPrinted, match='No font on this server can draw'):
        await typesetting.make_pdf(paper.TEMPLATE, paper.facts_of(report, ''), all_letters=True)


async def test_a_word_without_end_stays_on_the_page() -> None:
    at_hand = await a_reported_learner(name='W' * 80, comment='W' * 3_000)

    pdf = await printed(await report_of(at_hand))

    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            words, (width, _) = page.get_textpage(), page.get_size()
            boxes = [words.get_charbox(index) for index in range(words.count_chars())]
            assert max(box[2] for box in boxes) < width - 30
