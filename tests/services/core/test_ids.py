"""Ids that tell taps and requests apart: no two are the same, in this process or in one that it makes."""

import os

import pytest

from services.core.secrets import new_id

pytestmark = pytest.mark.req('L3')


def test_no_two_ids_are_the_same() -> None:
    ids = {new_id() for _ in range(10_000)}

    assert len(ids) == 10_000
    assert {len(each) for each in ids} == {32}
    assert all(int(each, 16) < 2**128 for each in ids)


def test_a_process_that_was_split_off_has_ids_of_its_own() -> None:
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, new_id().encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as told:
        theirs = told.read()

    assert len(theirs) == 32
    assert theirs != new_id()
