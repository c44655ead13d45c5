"""After a learner was erased, every page of everybody else still opens, and none knows who that was."""

from pathlib import Path

import pytest

from models import User
from services.core import database, jobs
from services.core.errors import Forbidden
from services.privacy import erasing
from tests.factories.classes import assert_log_and_projections_agree
from tests.services.privacy.test_erasing import everything, files_of
from tests.support.greek_school import a_greek_school
from tests.ui.conftest import Enter
from tests.ui.test_words_on_screen import addresses, opened, plain_addresses

pytestmark = [pytest.mark.req('V1')]

GONE = 'Σοφία', 'Σημείωση', 'Στόχος'
"""the name, and what stands in notes and goals of this learner"""


@pytest.mark.usefixtures('db')
async def test_no_page_table_or_file_has_the_name_of_a_learner_who_was_erased(
    url: str, data_dir: Path, enter: Enter
) -> None:
    of = await a_greek_school()
    sofia, admin = of.people['student'], of.people['admin']
    assert sofia is not None
    address = await database.read(lambda tx: tx.session.get_one(User, sofia.user_id).email)
    codes = *GONE, str(address)
    before = await database.read(everything)
    assert all(word in before for word in codes)

    await erasing.erase(admin, sofia.user_id)
    await jobs.run_due([erasing.kind()])

    left = await database.read(everything)
    assert [word for word in codes if word in left] == []
    assert [path for path in files_of(url, data_dir) for word in codes if word.encode() in path.read_bytes()] == []
    await assert_log_and_projections_agree()
    found, refused = [], []
    for who in 'admin', 'teacher', 'new student', 'guest':
        user = await enter(of.people[who])
        for pages in addresses(of).values():
            for path, admitted in pages:
                is_refused, texts = await opened(user, path)
                found += [f'{who} {path}: {word}' for word in codes if any(word in text for text in texts)]
                goes_along = '/grading/' in path or '/reports/' in path  # nothing is left to grade, or to read of her
                if admitted == who and is_refused and not goes_along:
                    refused.append(path)
        for path, _ in plain_addresses(of):
            answer = await user.http_client.get(path, follow_redirects=False)
            found += [f'{who} {path}: {word}' for word in codes if word in answer.text]
    assert found == []
    assert refused == []
    with pytest.raises(Forbidden):
        await enter(sofia)
