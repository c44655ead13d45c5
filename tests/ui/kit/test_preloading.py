"""What the scripts of a page ask for is named in its head, by the addresses by which they ask."""

import json
import re

import pytest

from tests.factories.quizzes import a_quiz
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('O5')


async def test_all_that_a_grid_is_made_of_is_loaded_beside_the_page(enter: Enter) -> None:
    quiz = await a_quiz()
    teacher = await enter(quiz.teacher)
    html = (await teacher.http_client.get(f'/courses/{quiz.klass.course_id}/gradebook')).text
    links = re.findall('<link rel="modulepreload" href="([^"]+)"', html)
    imports = json.loads(html.partition('<script type="importmap">')[2].partition('</script>')[0])['imports']
    (component,) = (link for link in links if link.endswith('/aggrid.js'))
    script = (await teacher.http_client.get(component)).text
    relative = re.findall(r'from "\.\./\.\./([^"]+)"', script)

    assert imports['nicegui-aggrid'] in links
    assert imports['dompurify'] in links
    assert [each for each in relative if not any(link.endswith(each) for link in links)] == []
    assert imports['nicegui-plotly'] not in links, 'this page has no chart'
    for link in links:
        assert (await teacher.http_client.get(link)).status_code == 200, link
