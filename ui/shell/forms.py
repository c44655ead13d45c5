"""Native forms: they post to the server without a socket, because only an answer to a post can set a cookie.

A form is one element, written as HTML here and escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from fastapi import Request
from nicegui import ui

from services.core.phrases import Phrase
from ui.kit.language import _, say
from ui.kit.text import Text
from ui.shell.request import Visit, csrf_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form, with its label and, where it helps, a hint below."""

    name: str
    label: str | Phrase
    kind: str = 'text'
    value: str = ''
    hint: str | Phrase = ''
    autocomplete: str = 'off'
    is_code: bool = False
    is_optional: bool = False
    options: tuple[tuple[str, str | Phrase], ...] = ()
    must_choose: bool = False
    """whether the empty one of the options is no answer"""


def form(
    visit: Visit,
    action: str,
    fields: Sequence[Field],
    button: str,
    *,
    hidden: dict[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """Draw a form; what had been typed and what was wrong with it is filled in again. A quiet one is not the next step
    of its page."""
    if not any(field.kind == 'password' for field in fields):
        ui.html(form_html(visit, action, fields, button, hidden=hidden, quiet=quiet), sanitize=False)
        return
    # a password can be shown by the server, for which its field is an element of its own: in the form by its id
    owner = f'form{action.replace("/", "-")}'
    with ui.element('div').classes('form'):
        inside = _hidden(visit.request, hidden or {}) + _notice(visit, fields)
        _part(f'<form id="{owner}" method="post" action="{escape(action)}">{inside}</form>')
        for field in fields:
            if field.kind == 'password':
                _password(visit, field, owner)
            else:
                _part(_field(visit, field, owner))
        look = 'button-quiet' if quiet else 'button-primary'
        _part(f'<button class="{look}" type="submit" form="{owner}">{escape(button)}</button>')


def form_html(
    visit: Visit,
    action: str,
    fields: Sequence[Field],
    button: str,
    *,
    hidden: dict[str, str] | None = None,
    quiet: bool = False,
) -> str:
    """Return a form as HTML."""
    parts = [_hidden(visit.request, hidden or {}), _notice(visit, fields)]
    parts += [_field(visit, field) for field in fields]
    look = 'button-quiet' if quiet else 'button-primary'
    parts.append(f'<button class="{look}" type="submit">{escape(button)}</button>')
    return f'<form class="form" method="post" action="{escape(action)}">{"".join(parts)}</form>'


def form_button(request: Request, action: str, label: str, classes: str, **hidden: str) -> None:
    """Draw a button that posts."""
    ui.html(form_button_html(request, action, label, classes, **hidden), sanitize=False)


def form_button_html(request: Request, action: str, label: str, classes: str, **hidden: str) -> str:
    """Return a button that posts as HTML."""
    button = f'<button class="{classes}" type="submit" dir="auto">{escape(label)}</button>'
    return f'<form method="post" action="{escape(action)}">{_hidden(request, hidden)}{button}</form>'


def _hidden(request: Request, values: dict[str, str]) -> str:
    values = {'csrf': csrf_token(request), **values}
    return ''.join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in values.items()
    )


def _notice(visit: Visit, fields: Sequence[Field]) -> str:
    """Return what was wrong with a form where that is not about one of its fields."""
    problem = visit.problem
    if problem is None or problem.field in {field.name for field in fields}:
        return ''
    return f'<p class="notice-problem" role="alert"><span>{escape(problem.sentence)}</span></p>'


def _part(html: str) -> None:
    ui.html(html, sanitize=False).classes('form-part')


def _password(visit: Visit, field: Field, owner: str) -> None:
    """Draw a field for a password, with a button that shows what is typed into it.

    What is typed stays in the browser: only the press of the button comes here, and the kind of the field goes back.
    """
    id_ = f'{owner}-{field.name}'
    is_refused = visit.problem is not None and visit.problem.field == field.name
    with ui.element('div').classes('field'):
        label = ui.element('label').props(f'for="{id_}"')
        with label:
            ui.html(escape(say(field.label)), sanitize=False, tag='span')
        with ui.element('div').classes('field-password'):
            typed = ui.element('input').props(f'type=password dir=auto autocomplete={field.autocomplete}')
            if not field.is_optional:
                typed.props['required'] = True
            typed.props['id'], typed.props['name'], typed.props['form'] = id_, field.name, owner
            shown = Text('button', _('Show')).classes('button-quiet')
        if is_refused or field.hint:
            typed.props['aria-describedby'] = f'{field.name}-about'
            _part(_note(visit, field))
    if is_refused:
        typed.props['aria-invalid'] = 'true'
    _let_show(typed, shown, say(field.label))


def _let_show(typed: ui.element, shown: Text, label: str) -> None:
    """Let a button show what is typed into a field, and hide it again."""
    shown.props['type'], shown.props['aria-controls'] = 'button', typed.props['id']
    shown.props['aria-label'] = _('Show: {field}', field=label)
    shown.props['aria-pressed'] = 'false'
    words = _('Show'), _('Hide')

    def switch() -> None:
        show = typed.props['type'] == 'password'
        typed.props['type'] = 'text' if show else 'password'
        shown.props['aria-pressed'] = 'true' if show else 'false'
        shown.set_text(words[show])

    shown.on('click', switch, args=[[]])


def _field(visit: Visit, field: Field, owner: str = '') -> str:
    problem = visit.problem if visit.problem and visit.problem.field == field.name else None
    value = (problem and problem.offer) or visit.typed(field.name) or field.value
    described = f' aria-describedby="{field.name}-about"' if problem or field.hint else ''
    invalid = ' aria-invalid="true"' if problem else ''
    of = f' form="{owner}"' if owner else ''
    return (
        f'<label class="field"><span>{escape(say(field.label))}</span>'
        f'{_control(field, value, f"{of}{described}{invalid}")}{_note(visit, field)}</label>'
    )


def _note(visit: Visit, field: Field) -> str:
    """Return what was wrong with a field, or else the hint below it."""
    about = f'{field.name}-about'
    if visit.problem and visit.problem.field == field.name:
        return f'<span class="field-problem" id="{about}" role="alert">{escape(visit.problem.sentence)}</span>'
    return f'<span class="field-hint" id="{about}">{escape(say(field.hint))}</span>' if field.hint else ''


def _control(field: Field, value: str, more: str) -> str:
    name = escape(field.name)
    if field.options:
        options = ''.join(
            f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(say(label))}</option>'
            for key, label in field.options
        )
        required = ' required' if field.must_choose else ''
        return f'<select name="{name}"{required}{more}>{options}</select>'
    look = ' class="code-input" autocapitalize="characters" spellcheck="false" maxlength="12"' if field.is_code else ''
    shown = '' if 'password' in field.autocomplete else f' value="{escape(value)}"'
    return (
        f'<input name="{name}" type="{field.kind}"{shown}{look} dir="auto"{"" if field.is_optional else " required"}'
        f' autocomplete="{field.autocomplete}"{more}>'
    )
