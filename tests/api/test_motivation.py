"""Points, badges and streaks of programs: for the learner alone; points by hand, and the leaderboard."""

import pytest

from services.core import database
from services.motivation import leaderboard, parts
from services.motivation.parts import Part
from tests.api.conftest import APrograms
from tests.factories.classes import a_class, tap
from tests.services.motivation.test_badges import follow

pytestmark = [pytest.mark.req('B1', 'G1', 'G2', 'G3', 'G4'), pytest.mark.usefixtures('db')]


async def test_a_learner_reads_what_they_have_achieved_and_nobody_else_does(a_program: APrograms) -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    hers, his, teachers = await a_program(lena), await a_program(omar), await a_program(klass.teacher)
    await tap(klass, klass.checkpoints[0])
    award = {'user_id': lena.user_id, 'course_id': klass.course_id, 'points': 90, 'reason': 'A good question'}
    awarded = await teachers.post('/gamification/award-points', json=award)
    await follow()

    points = (await hers.get(f'/gamification/points/{lena.user_id}')).json()
    badges = (await hers.get(f'/gamification/badges/{lena.user_id}')).json()
    streak = (await hers.get(f'/gamification/streak/{lena.user_id}')).json()

    assert (awarded.status_code, awarded.json()) == (201, {'left_today': 910})
    assert (points['total_points'], points['level'], points['level_name']) == (110, 2, 'Apprentice')
    assert (points['points_to_next_level'], points['history'][0]['words']) == (391, 'A good question')
    assert [badge['name'] for badge in badges][:2] == ['Quick Learner', 'Consistency King']
    assert (badges[0]['earned_at'], badges[0]['criteria']['at_least']) == (None, 5)
    assert badges[0]['icon_url'].startswith('data:image/svg+xml')
    assert (streak['current_streak'], streak['spare_days']) == (1, 2)
    for what in ('points', 'badges', 'streak'):
        for program in (his, teachers):
            assert (await program.get(f'/gamification/{what}/{lena.user_id}')).status_code == 404
        await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part(PARTS[what]), on=False)
        assert (await hers.get(f'/gamification/{what}/{lena.user_id}')).status_code == 409


PARTS = {'points': 'points', 'badges': 'badges', 'streak': 'streaks'}


@pytest.mark.req('G5')
async def test_those_who_take_part_read_the_leaderboard(a_program: APrograms) -> None:
    klass = await a_class(learners=['Lena', 'Omar', 'Ida'])
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.LEADERBOARD, on=True)
    for who, alias in zip(klass.learners, ('Fox', 'Owl', 'Elk'), strict=True):
        await database.write(leaderboard.join, who, klass.course_id, alias=alias)

    hers = await a_program(klass.learner)
    (found,) = (await hers.get('/gamification/leaderboard')).json()

    assert found['alias'] == 'Fox'
    assert found['neighbours'] == [
        {'alias': alias, 'points': 0, 'is_self': alias == 'Fox'} for alias in ('Elk', 'Fox', 'Owl')
    ]
