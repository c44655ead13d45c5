"""Native forms: they post to the server without a socket, because only an answer to a post can set a cookie.

A form is one element, written as HTML here and escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from fastapi import Request
from nicegui import ui

from services.core.phrases import Phrase
from ui.kit.language import say
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
    ui.html(form_html(visit, action, fields, button, hidden=hidden, quiet=quiet), sanitize=False)


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
    problem = visit.problem
    parts = [_hidden(visit.request, hidden or {})]
    if problem and problem.field not in {field.name for field in fields}:
        parts.append(f'<p class="notice-problem" role="alert"><span>{escape(problem.sentence)}</span></p>')
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


def _field(visit: Visit, field: Field) -> str:
    problem = visit.problem if visit.problem and visit.problem.field == field.name else None
    value = (problem and problem.offer) or visit.typed(field.name) or field.value
    about = f'{field.name}-about'
    described = f' aria-describedby="{about}"' if problem or field.hint else ''
    invalid = ' aria-invalid="true"' if problem else ''
    if problem:
        note = f'<span class="field-problem" id="{about}" role="alert">{escape(problem.sentence)}</span>'
    else:
        note = f'<span class="field-hint" id="{about}">{escape(say(field.hint))}</span>' if field.hint else ''
    return (
        f'<label class="field"><span>{escape(say(field.label))}</span>'
        f'{_control(field, value, f"{described}{invalid}")}{note}</label>'
    )


def _control(field: Field, value: str, more: str) -> str:
    name = escape(field.name)
    if field.options:
        options = ''.join(
            f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(say(label))}</option>'
            for key, label in field.options
        )
        return f'<select name="{name}"{more}>{options}</select>'
    look = ' class="code-input" autocapitalize="characters" spellcheck="false" maxlength="12"' if field.is_code else ''
    shown = '' if field.kind == 'password' else f' value="{escape(value)}"'
    return (
        f'<input name="{name}" type="{field.kind}"{shown}{look} dir="auto"{"" if field.is_optional else " required"}'
        f' autocomplete="{field.autocomplete}"{more}>'
    )
