"""Course files that would keep a server busy: refused within the time that a page takes, with a short sentence."""

import pytest

from services.courses import file_nodes, yaml_nodes
from services.courses.import_file import BrokenFile, read
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('C6')

PATIENCE = 2.0
"""seconds on a busy machine; what is refused here took minutes before"""

WORST = {
    'brackets': '[' * 3000,
    'many brackets': '[' * 4_000_000,
    'braces': '{' * 1_000_000,
    'lists in lists': '- ' * 1_000_000,
    'keys of keys': '? ' * 500_000,
    'blank lines': '\n' * 4_900_000,
    'comments': '# a\n' * 1_200_000,
    'directives': '%TAG !a! tag:x\n' * 300_000,
    'a text without an end': '"' + 'a' * 4_000_000,
    'escapes': '"' + '\\u0041' * 600_000 + '"',
    'halves of characters': '"' + '\\ud800' * 600_000 + '"',
    'many items': '- a\n' * 1_000_000,
    'many unknown parts': ''.join(f'k{number}: 1\n' for number in range(24_000)),
    'one long unknown part': 'k' * 1_000 + ': 1\n',
    'references': 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n',
    'an anchor': '&' + 'a' * 4_000_000 + ' x',
    'items on the last level': '[' * 19 + 'a,' * 1_000_000,
    'many documents': 'a\n---\n' * 500_000,
}


@pytest.mark.parametrize('name', WORST)
def test_the_worst_files_are_refused_in_time_and_with_a_short_sentence(name: str) -> None:
    with work_of_at_most(PATIENCE), pytest.raises(BrokenFile) as refused:
        read(WORST[name].encode())
    assert len(str(refused.value)) < 2_000


@pytest.mark.parametrize(
    'part', ['kind: {}', 'minutes: {}', '{}: 1', '{0}: 1, {0}: 2', 'due: {}', 'preview: {}', 'title: {}', 'tags: {}']
)
def test_a_refusal_repeats_no_more_than_the_beginning(part: str) -> None:
    checkpoint = '{' + part.format('x' * 900) + '}'
    long_one = f'waymark: 1\ncourse: {{title: Soil}}\nmodules: [{{title: Outside, steps: [{checkpoint}]}}]'

    with pytest.raises(BrokenFile) as refused:
        read(long_one.encode())

    assert 'x' * (file_nodes.LONGEST_QUOTE + 1) not in str(refused.value)


def test_a_kind_of_two_megabytes_is_refused_in_a_line() -> None:
    begin = 'waymark: 1\ncourse: {title: Soil}\nmodules:\n- title: A\n  steps:\n  - title: B\n    kind: '

    with pytest.raises(BrokenFile, match='Line 7') as refused:
        read((begin + 'k' * 2_000_000).encode())

    assert len(str(refused.value)) < 200


def test_the_parser_in_c_is_there() -> None:
    assert yaml_nodes.LOADER.__name__ == 'CSafeLoader'


@pytest.mark.parametrize('nothing', ['', '~', 'null'])
def test_nothing_is_no_title_but_its_word_in_quotes_is(nothing: str) -> None:
    with pytest.raises(BrokenFile, match='Line 2: Give the course a title'):
        read(f'waymark: 1\ncourse: {{title: {nothing}}}\nmodules: []'.encode())

    assert read(b'waymark: 1\ncourse: {title: "null"}\nmodules: []').title == 'null'


def test_emoji_as_json_writes_them_are_whole() -> None:
    draft = read(b'{"waymark": 1, "course": {"title": "Soil \\ud83c\\udf31"}, "modules": []}')

    assert draft.title == 'Soil \N{SEEDLING}'


def test_halves_inside_halves_are_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    nested = '\\u' * 2_000 + 'd800' * 2_000
    rounds = 0
    root = yaml_nodes._root

    def counted(text: str) -> object:
        nonlocal rounds
        rounds += 1
        return root(text)

    monkeypatch.setattr(yaml_nodes, '_root', counted)
    with pytest.raises(BrokenFile, match='Line 2'):
        read(f'waymark: 1\ncourse: {{title: "{nested}"}}\nmodules: []'.encode())

    assert rounds == 2
