"""Pictures that were handed in before: they say nothing any more of where they were taken, and none is ever half."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col

from models import SubmissionFile
from services.content.uploads import handed_in, old_pictures, storage
from services.core import database, picture_facts
from tests.factories.assignments import PDF, AssignmentAtHand, add_file, an_assignment

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4', 'O6')]

PLACE = b'51.7592 N 19.4560 E'
PIXELS = b'\xff\xda\x00\x03\x01pixels\xff\xd9'
TAKEN_AT_HOME = b'\xff\xd8\xff\xe1' + (len(PLACE) + 2).to_bytes(2, 'big') + PLACE + PIXELS


@pytest.fixture
async def work(monkeypatch: pytest.MonkeyPatch) -> AssignmentAtHand:
    """Two pictures and a document, handed in to a version that kept all of them as they were."""
    work = await an_assignment()
    with monkeypatch.context() as before:
        before.setattr(picture_facts, 'blank_file', lambda path: None)
        for content in TAKEN_AT_HOME, PDF + PLACE, TAKEN_AT_HOME:
            await add_file(work, content)
    return work


def on_disk() -> list[bytes]:
    return sorted(path.read_bytes() for path in storage.folder().iterdir())


async def test_they_are_blanked_and_handed_out_as_before(work: AssignmentAtHand) -> None:
    assert [PLACE in content for content in on_disk()] == [True] * 3

    for _ in range(2):
        await old_pictures.blank_all()

        assert sorted(PLACE in content for content in on_disk()) == [False, False, True], 'a document stays as it is'
        served = await database.read(handed_in.served, work.learner, 1)
        content = served.path.read_bytes()
        assert (len(content), content.endswith(PIXELS)) == (len(TAKEN_AT_HOME), True)


async def test_a_server_that_ends_in_the_middle_leaves_a_whole_picture(
    work: AssignmentAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(path: Path) -> None:
        with path.open('r+b') as file:
            file.write(b'half')
        raise KeyError

    with monkeypatch.context() as now:
        now.setattr(picture_facts, 'blank_file', ends)
        with pytest.raises(KeyError):
            await old_pictures.blank_all()
    assert on_disk() == [PDF + PLACE, TAKEN_AT_HOME, TAKEN_AT_HOME]

    await old_pictures.blank_all()
    assert sum(PLACE in content for content in on_disk()) == 1


async def test_what_is_cleared_away_meanwhile_does_not_come_back(
    work: AssignmentAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    (erased_id, erased), (_, lost) = listed = await database.read(old_pictures.pictures, 0)
    await database.write(lambda tx: tx.execute(delete(SubmissionFile).where(col(SubmissionFile.id) == erased_id)))
    storage.remove(lost)
    monkeypatch.setattr(old_pictures, 'pictures', lambda _, after: [each for each in listed if each[0] > after])
    assert (storage.folder() / erased).exists(), 'as after a copy that was made before'

    await old_pictures.blank_all()

    assert on_disk() == [PDF + PLACE]
