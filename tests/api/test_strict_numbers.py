"""Numbers in bodies are numbers, and one thing has one address."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from api.types import Body
from tests.api.conftest import APrograms
from tests.factories.classes import a_course

pytestmark = pytest.mark.req('B1')


def bodies(kind: type[Body] = Body) -> Iterator[type[Body]]:
    for each in kind.__subclasses__():
        yield each
        yield from bodies(each)


def kinds(annotation: Any) -> set[Any]:
    return {annotation, *(part for each in get_args(annotation) for part in kinds(each))}


def test_no_body_takes_a_word_or_a_truth_value_for_a_number(application: FastAPI) -> None:
    assert application.openapi()  # all routes are there, and with them their bodies
    tried = 0
    for body in bodies():
        for name, field in body.model_fields.items():
            of = kinds(field.annotation)
            if not {int, float, bool} & of or of & {tuple, list} or str in of:
                continue
            for wrong in ['7', 'yes', ''] if bool in of else ['7', '', True, False]:
                with pytest.raises(ValidationError) as refused:
                    TypeAdapter(body).validate_python({name: wrong})
                assert name in {error['loc'][0] for error in refused.value.errors()}, (body.__name__, name, wrong)
                tried += 1
    assert tried > 50


async def test_a_number_in_quotes_is_refused_in_the_one_shape(a_program: APrograms) -> None:
    course = await a_course(checkpoints=1)
    ines = await a_program(course.teacher)

    for wrong in True, '7', 7.5, [7]:
        answer = await ines.put(
            f'/checkpoints/{course.checkpoints[0]}', json={'title': 'A', 'estimated_minutes': wrong}
        )
        assert (answer.status_code, answer.json()['error']) == (422, 'Invalid'), wrong
    right = await ines.put(f'/checkpoints/{course.checkpoints[0]}', json={'title': 'A', 'estimated_minutes': 7})
    assert right.json()['estimated_minutes'] == 7


@pytest.mark.parametrize('spelled', ['{}.0', '+{}', '0{}', '{}e0', '%20{}', '{}_0', '\N{ARABIC-INDIC DIGIT ONE}'])
async def test_one_course_has_one_address(a_program: APrograms, spelled: str) -> None:
    course = await a_course()
    ines = await a_program(course.teacher)

    answer = await ines.get(f'/courses/{spelled.format(course.course_id)}')

    assert (answer.status_code, answer.json()['error']) == (404, 'NotFound')
    assert (await ines.get(f'/courses/{course.course_id}')).status_code == 200
