"""The small inputs of careful users that are no class lists, each by its number and with its right value.

Class lists are in `people/test_lists_of_schools.py`; 23 and 31 are stories of `tests/web/test_thirty_children.py`.
"""

import json
import re
from pathlib import Path

import pytest

from services.accounts import first_step, passwords, registration
from services.accounts.registration import NewAccount
from services.content import prose
from services.content.uploads import file_types
from services.content.uploads.slots import Part
from services.core import text
from services.core.errors import Invalid
from services.courses import pasted
from tests.support.shared_files import shared


def case(name: str) -> str:
    return shared(f'cases/{name}').decode()


@pytest.mark.req('A1')
@pytest.mark.usefixtures('db')
async def test_27_a_password_typed_on_a_keyboard_that_composes_otherwise_signs_in() -> None:
    typed = json.loads(case('27-password-decomposed.json'))
    assert typed['register']['password'] != typed['login']['password']

    account = await registration.register(NewAccount(**typed['register']), device='Laptop')
    again = await first_step.sign_in(**typed['login'], device='Mac')

    assert again.actor.user_id == account.actor.user_id


@pytest.mark.req('A1')
def test_28_four_letters_are_no_password_however_many_bytes_they_take() -> None:
    with pytest.raises(Invalid, match='at least 8 characters'):
        passwords.check_acceptable(json.loads(case('28-password-of-four-letters.json'))['password'])


@pytest.mark.req('C3')
def test_32_steps_from_word_lose_the_bullets_of_each_level() -> None:
    titles = [line.title for line in pasted.read(case('32-pasted-from-word.txt'))]
    assert titles == ['Wet the sample', 'Find the layers', 'Draw what you see', 'Clean up']


@pytest.mark.req('C3')
def test_34_what_shows_nothing_is_neither_a_step_nor_a_title() -> None:
    titles = [line.title for line in pasted.read(case('34-invisible-line.txt'))]
    assert titles == ['Wet the sample', 'Find the layers']
    with pytest.raises(Invalid, match='Give the course a title'):
        text.check_title(json.loads(case('34-invisible-title.json'))['title'], 'course')


CODE = {
    '35-tilde-fences.md': '# count the drops\nfor drop in drops:\n    print(drop)\n',
    '37-fence-c-sharp.md': 'int a = 1;\nint b = 2;\n',
    '37-fence-r-chunk.md': 'x <- 1\nplot(x)\n',
}


@pytest.mark.req('C4')
@pytest.mark.parametrize('name', CODE)
def test_35_and_37_a_fence_is_one_block_of_code_whatever_is_said_of_it(name: str) -> None:
    html = prose.prose_html(case(name))
    blocks = re.findall(r'<pre[^>]*>(.*?)</pre>', html, re.DOTALL)
    assert len(blocks) == 1
    assert re.sub(r'<[^>]*>', '', blocks[0]).replace('&lt;', '<') == CODE[name]
    assert '<h1' not in html


@pytest.mark.req('C4')
def test_38_names_with_underscores_are_not_slanted() -> None:
    html = prose.prose_html(case('38-snake-case.md'))
    assert '<em>' not in html
    for kept in ('max_speed_limit', 'do_it_now', 'https://example.org/a_b_c/d'):
        assert kept in html


@pytest.mark.req('S8')
async def test_45_six_seconds_that_begin_at_one_hour_are_six_seconds(tmp_path: Path) -> None:
    (tmp_path / 'film').write_bytes(shared('cases/45-webm-begins-at-one-hour.webm'))
    found = await file_types.look_into(Part.VIDEO, tmp_path / 'film')
    assert found.seconds == pytest.approx(6, abs=0.2)


@pytest.mark.req('S8')
async def test_51_captions_without_space_around_the_arrow_are_taken_as_a_browser_takes_them(tmp_path: Path) -> None:
    (tmp_path / 'captions').write_bytes(shared('cases/51-arrow-without-spaces.vtt'))
    assert (await file_types.look_into(Part.CAPTIONS, tmp_path / 'captions')).media_type == 'text/vtt'
