"""What a row begins with: lists and names of its own, which take no longer to make than a number."""

import pytest
from sqlmodel import SQLModel

import models

pytestmark = pytest.mark.req('O7')

TABLES = [each for each in vars(models).values() if isinstance(each, type) and hasattr(each, '__table__')]
OWN = [
    (table, name)
    for table in TABLES
    for name, field in table.model_fields.items()
    if isinstance(field.default, list | dict) or field.default_factory
]


@pytest.mark.parametrize(('table', 'name'), OWN, ids=[f'{table.__name__}.{name}' for table, name in OWN])
def test_no_two_rows_share_a_list(table: type[SQLModel], name: str) -> None:
    one, other = table(), table()

    assert getattr(one, name) == getattr(other, name)
    assert getattr(one, name) is not getattr(other, name)


def test_no_default_is_made_by_a_function() -> None:
    """Pydantic reads the signature of such a function for each row, which takes half as long as the row itself."""
    assert [f'{table.__name__}.{name}' for table, name in OWN if table.model_fields[name].default_factory] == []
