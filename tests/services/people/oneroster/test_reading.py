"""Exports as schools have them, read; and what is wrong with others, by file and line."""

import io
from zipfile import ZipFile

import pytest

from services.core.errors import Invalid
from services.core.packages import Package
from services.people.oneroster import files
from services.people.oneroster.reading import roster_of
from services.people.oneroster.school import Part
from tests.support.oneroster import a_class, an_export, place, user
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('R3')

FOLDER = 'samples/oneroster'


def said(problems: object) -> list[str]:
    return [str(each.phrase) for each in problems]  # type: ignore[attr-defined]


def test_every_sample_is_read() -> None:
    """Two ZIP files and a folder, of both versions, as other programs have written them."""
    names = shared_names(FOLDER)
    zips = [[(name, shared(f'{FOLDER}/{name}'))] for name in names if name.endswith('.zip')]
    folder = [(name, shared(f'{FOLDER}/{name}')) for name in names if name.endswith('.csv')]
    found = [roster_of(chosen) for chosen in (*zips, folder)]
    counts = [(each.version, len(each.people), len(each.classes), len(each.places)) for each in found]
    assert sorted(counts) == [('1.1', 2, 3, 3), ('1.1', 6, 2, 6), ('1.2', 1, 1, 1)]
    left_out = [problem for each in found for problem in each.problems if problem.leaves_out]
    assert left_out == []
    assert {each.source for each in found} == {'', 'DataGen', 'School District'}
    changes = next(each for each in found if each.version == '1.2')
    assert changes.whole == frozenset()
    assert [each.part for each in changes.people.values()] == [Part.LEARNS]


def test_every_defect_is_named_by_file_and_line() -> None:
    chosen = an_export(
        users=[
            user('u1', 'Lena Brandt'),
            user('u1', 'Omar Said'),
            user('', 'Mia Roth'),
            user('u4', ''),
            user('u5', 'Ben Okafor', 'wizard'),
            user('u6', 'Ida Moss', status='vanished'),
            user('u7', 'Eva Lund', on='perhaps'),
            user('u8', 'Ari Holm', email='nonsense'),
        ],
        classes=[a_class('c1', 'Physics'), a_class('c2', '')],
        enrollments=[place('e1', 'c1', 'u1', 'captain')],
    )
    roster = roster_of(chosen)
    assert said(roster.problems) == [
        'classes.csv, line 3: title is empty.',
        'enrollments.csv, line 2: the role “captain” is not known.',
        'users.csv, line 3: sourcedId “u1” is in line 2 already.',
        'users.csv, line 4: sourcedId is empty.',
        'users.csv, line 5: givenName and familyName are empty.',
        'users.csv, line 6: the role “wizard” is not known.',
        'users.csv, line 7: status is “vanished”, and not active or tobedeleted.',
        'users.csv, line 8: enabledUser is “perhaps”, and not true or false.',
        'users.csv, line 9: “nonsense” is not an e-mail address.',
    ]
    assert set(roster.people) == {'u1', 'u8'}
    assert 'users' not in roster.whole, 'a line without an id: nobody can be said to be missing'
    assert roster.whole == {'classes', 'enrollments'}


def test_what_cannot_be_used_at_all_is_refused_with_what_to_do() -> None:
    good = an_export(users=[user('u1', 'Lena Brandt')])
    for chosen, sentence in (
        (good[1:], 'There is no manifest.csv'),
        (an_export(version='1.0', users=[]), 'the version “1.0” is not read here'),
        (an_export(mode='most', users=[]), 'file.users is “most”, and not bulk, delta or absent'),
        (good[:1], 'promises users.csv, and it is not there'),
        ([good[0], ('users.csv', b'sourcedId,status\nu1,active\n')], 'line 1: the columns givenName, familyName, role'),
        ([good[0], ('users.csv', b'sourcedId;givenName;familyName;role\n')], 'no commas between them'),
        ([good[0], ('users.csv', b'sourcedId\tgivenName\tfamilyName\trole\n')], 'no commas between them'),
        ([good[0], ('users.csv', b'sourcedId,givenName,familyName,role,email,Email\n')], 'the columns email must be'),
        ([good[0], ('users.csv', b'sourcedId,"status\nu1,active\n')], 'users.csv, line 1: this is no table'),
        ([good[0], ('users.csv', b'')], 'users.csv, line 1: the file is empty'),
        ([('manifest.csv', b'propertyName,value\noneroster.version\n')], 'the version “” is not read here'),
        ([('export.zip', b'PK\x03\x04 no archive')], 'ZIP file is broken'),
        ([*good, ('more/users.csv', b'')], 'is there twice'),
        ([('large.csv', b' ' * 20_000_001)], 'larger than 20 MB'),
    ):
        with pytest.raises(Invalid) as refused:
            roster_of(chosen)
        assert sentence in str(refused.value.sentence)


def test_a_line_with_changes_says_what_has_changed() -> None:
    chosen = an_export(mode='delta', users=[user('u1', 'Lena Brandt', status=''), user('u2', '', status='tobedeleted')])
    roster = roster_of(chosen)
    assert said(roster.problems) == [
        'users.csv, line 2: status is empty; in a file with changes, each line says active or tobedeleted.'
    ]
    assert roster.people['u2'].is_gone


def test_passwords_and_telephones_are_not_kept() -> None:
    roster = roster_of(an_export(users=[user('u1', 'Lena Brandt', email='lena@example.org')]))
    assert 'Secret-password-1' not in repr(roster)


def zipped() -> bytes:
    archive = io.BytesIO()
    with ZipFile(archive, 'w') as into:
        for name, content in an_export(users=[user('u1', 'Lena Brandt')]):
            into.writestr(f'export/{name}', content)
        into.writestr('export/readme.txt', 'not a table')
    return archive.getvalue()


def test_a_zip_in_a_folder_of_its_own_is_read() -> None:
    assert set(roster_of([('export.zip', zipped())]).people) == {'u1'}


def test_what_a_zip_unpacks_to_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, 'MOST_UNPACKED', 100)
    monkeypatch.setattr(Package, 'read', None)  # what is too large is not unpacked to find that out
    with pytest.raises(Invalid, match='Unpacked, this is larger'):
        roster_of([('export.zip', zipped())])


def test_what_several_zips_unpack_to_has_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, 'MOST_UNPACKED', 250)
    parts = []
    for name, content in an_export(users=[user('u1', 'Lena Brandt')]):
        archive = io.BytesIO()
        with ZipFile(archive, 'w') as into:
            into.writestr(name, content)
        assert len(content) < 250
        parts.append((f'{name}.zip', archive.getvalue()))
    with pytest.raises(Invalid, match='Unpacked, this is larger'):
        roster_of(parts)
