"""Every text of a learner's pages is in the language of the reader: in a made-up one, each stands in brackets."""

import re
from collections.abc import Iterator

import pytest
from nicegui import ui
from nicegui.testing import User

from services.access import Actor
from services.core import database
from services.core.languages import PSEUDO
from services.goals import personal
from services.goals.personal import OwnMilestone, Wish
from services.notes import editing
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.documents import a_text
from tests.factories.people import a_guest
from tests.ui.conftest import Enter
from ui.shell.request import Visit

pytestmark = pytest.mark.req('O6')

TAGS = re.compile(r'<[^>]*>')
ALOUD = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"')
BRACKETS = re.compile(r'⟦[^⟦⟧]*⟧')
LETTERS = re.compile(r'[^\W\d_]{2,}')
SPOKEN = ('aria-label', 'label', 'placeholder', 'title', 'alt', 'suffix')
WRITTEN = ('Soil', 'Module 1', 'Step 1', 'Step 2', 'Humus', 'Phone')
"""what people wrote"""
SHARED = ('Reading', 'Undo', 'just now', 'completed', 'in progress')
"""words that these pages show and other packages own"""
MOMENT = re.compile(r'\d+ \w+ \d{4}, \d\d:\d\d')


async def a_story() -> tuple[CourseAtHand, Actor]:
    course = await a_course(checkpoints=2, title='Soil')
    await a_text(course, course.checkpoints[1], body='Humus')
    learner = await a_guest(code=course.code, name='Humus')
    await mark(course.checkpoints[0], by=learner)
    for is_bookmark in (False, True):
        await database.write(editing.write, learner, course.checkpoints[0], text='Humus', is_bookmark=is_bookmark)
    milestone = OwnMilestone(title='Humus')
    await database.write(personal.add, learner, wish=Wish(title='Humus', milestones=(milestone,)))
    return course, learner


def texts(element: ui.element) -> Iterator[str]:
    """All that a person can read or hear of one element."""
    yield str(getattr(element, 'text', None) or '')
    html = str(element.props.get('innerHTML') or '')
    yield from (*ALOUD.findall(html), TAGS.sub(' ', html))
    yield from (str(element.props.get(name) or '') for name in SPOKEN)


def untranslated(user: User) -> set[str]:
    """Return the texts of a page, without the bar on top, that have letters outside of brackets."""
    assert user.client
    found = set()
    for element in user.client.elements.values():
        around = [element, *element.ancestors()]
        if element.tag == 'input' or not any({'page', 'page-wide'} & set(each.classes) for each in around):
            continue
        for text in texts(element):
            bare = MOMENT.sub(' ', text)
            while bare != (bare := BRACKETS.sub(' ', bare)):
                pass
            for words in (*WRITTEN, *SHARED):
                bare = bare.replace(words, ' ')
            if LETTERS.search(bare):
                found.add(text)
    return found


async def test_no_text_of_these_pages_is_only_english(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    course, learner = await a_story()
    lena = await enter(learner)
    monkeypatch.setattr(Visit, 'language', PSEUDO)
    learn = f'/courses/{course.course_id}/learn'
    found = {}
    for path in (
        f'{learn}/{course.checkpoints[0]}',
        f'{learn}/{course.checkpoints[1]}',
        f'/courses/{course.course_id}/time',
    ):
        await lena.open(path)
        found[path] = untranslated(lena)
    for path in ('/goals', '/notes'):
        await lena.open(path)
        found[path] = untranslated(lena)

    assert {path: words for path, words in found.items() if words} == {}
