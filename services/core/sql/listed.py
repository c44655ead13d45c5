"""Many values of a group as one JSON list: to read a row for each of ten thousand of them would take several times."""

from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, cast, func


def listed(
    dialect: Dialect, value: ColumnElement[Any], *, where: ColumnElement[bool] | None = None
) -> ColumnElement[str]:
    """Return the expression for all values of a group, as the text of a JSON list; those of a row have one order.

    Of a group in which nothing is as `where` says, PostgreSQL makes no list, but NULL.
    """
    together = (func.json_group_array if dialect.name == 'sqlite' else func.json_agg)(value)
    return cast(together if where is None else together.filter(where), Text)
