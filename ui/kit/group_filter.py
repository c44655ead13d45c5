"""A choice of one group of a course; it stands in the address, so that what is shown can be linked."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from fastapi import Request
from nicegui import ui

from ui.kit.language import _
from web.sub_path import outward

EVERYBODY = ''


def asked_group(request: Request) -> str:
    """Return the group that the address names, whether there is one or not; empty for everybody."""
    return request.query_params.get('group', EVERYBODY).replace('\x00', '')


def chosen_group(request: Request, groups: Sequence[str]) -> str:
    """Return the group that the address names; empty for everybody, and for a group that is not there."""
    named = asked_group(request)
    return named if named in groups else EVERYBODY


def in_group(address: str, group: str) -> str:
    """Return an address with a group in it; as it is for everybody."""
    return f'{address}?{urlencode({"group": group})}' if group else address


class GroupFilter:
    """A list of the groups of a course; nothing at all where it has none."""

    def __init__(
        self, address: str, groups: Sequence[str], group: str, on_change: Callable[[str], object] | None = None
    ) -> None:
        """`address` is that of the page: it is opened anew with the group, or by `on_change` shown in place."""
        self.group = group
        self._address = address
        self._on_change = on_change
        self._select = ui.select(self._options(groups), value=group, on_change=self._changed)
        self._select.props('outlined dense options-dense').classes('group-filter')
        self._select.props['aria-label'] = _('Group')
        self._select.set_visibility(bool(groups))

    def offer(self, groups: Sequence[str]) -> None:
        """Offer the groups that there are now; where the chosen one is gone, everybody is shown."""
        self._select.set_visibility(bool(groups))
        if list(self._options(groups)) != list(self._select.options):
            self._select.set_options(self._options(groups), value=self.group if self.group in groups else EVERYBODY)

    def _options(self, groups: Sequence[str]) -> dict[str, str]:
        return {EVERYBODY: _('All groups'), **{group: group for group in groups}}

    def _changed(self) -> None:
        group = self._select.value or EVERYBODY
        if group == self.group:
            return
        self.group = group
        if self._on_change is None:
            ui.navigate.to(in_group(self._address, group))
            return
        ui.navigate.history.replace(outward(in_group(self._address, group)))
        self._on_change(group)
