"""Words and marks of predictions: a band has a shape and a word, never colour alone."""

from collections.abc import Iterable, Mapping

from nicegui import ui

from services.analytics.definition import Definition
from services.analytics.prediction import Answer, BandQuality, LearnerPrediction, NextStep, Span, Urgency
from services.enums import RiskBand
from ui.kit.language import Spoken, _, ngettext, say
from ui.kit.text import Text, hint
from ui.kit.time_format import exact, short_day

MARKS: Mapping[RiskBand, str] = {RiskBand.HIGH: '●', RiskBand.MEDIUM: '◐', RiskBand.LOW: '○'}
BANDS: Mapping[RiskBand, str] = Spoken(
    {
        RiskBand.HIGH: lambda: _('High risk'),
        RiskBand.MEDIUM: lambda: _('Medium risk'),
        RiskBand.LOW: lambda: _('Low risk'),
    }
)
THEN: Mapping[RiskBand, str] = Spoken(
    {
        RiskBand.HIGH: lambda: _('the risk would be high then'),
        RiskBand.MEDIUM: lambda: _('the risk would be medium then'),
        RiskBand.LOW: lambda: _('the risk would be low then'),
    }
)
WHEN: Mapping[Urgency, str] = Spoken(
    {
        Urgency.NOW: lambda: _('today'),
        Urgency.SOON: lambda: _('this week'),
        Urgency.LATER: lambda: _('later'),
    }
)


def draw_meanings(meanings: Iterable[Definition]) -> None:
    """Draw what each figure means, to be opened: by keyboard, with a finger, and by those who hear the page."""
    with ui.element('details').classes('quiet-details'):
        Text('summary', _('What this means'))
        with ui.element('ul').classes('list'):
            for each in meanings:
                with ui.element('li'), ui.element('div'):
                    Text('b', say(each.name))
                    hint(say(each.sentence))


def draw_reasons(found: LearnerPrediction) -> None:
    """Draw why the risk is what it is."""
    if found.reasons:
        Text('p', ' '.join(say(reason.sentence) for reason in found.reasons)).classes('risk-why')
    if found.percent is not None:
        hint(_('Of a hundred learners like this, about {count} complete the course.', count=found.percent))


def draw_steps(found: LearnerPrediction, *, of_learner: bool = False) -> None:
    """Draw what would help, the cheapest first; what a band would be is for those who teach."""
    if not found.next_steps:
        return
    with ui.element('ul').classes('risk-steps'):
        for step in found.next_steps:
            with ui.element('li'):
                if of_learner and step.checkpoint_id is not None:
                    ui.link(say(step.sentence), f'/courses/{found.course_id}/learn/{step.checkpoint_id}')
                else:
                    Text('span', say(step.sentence))
                Text('span', _after(step, of_learner=of_learner)).classes('hint')


def draw_dates(found: LearnerPrediction) -> None:
    """Draw the next step and the end, as far as they can be foreseen."""
    if found.milestone is not None and found.milestone.on is not None:
        on, title = short_day(found.milestone.on), found.milestone.title
        hint(_('Next: “{step}”, about {day}', step=title, day=on))
    if found.completion is not None:
        hint(ends(found.completion))


def ends(span: Span) -> str:
    """Return between which days a course is completed."""
    first, last = short_day(span.earliest), short_day(span.latest)
    return _('Completes the course between {first} and {last}', first=first, last=last)


def draw_answers(found: LearnerPrediction) -> None:
    """Draw what was said of the prediction."""
    if found.contested is not None:
        _draw_answer(found.contested, _('{name} sees it differently', name=found.contested.by))
    if found.dismissed is not None:
        _draw_answer(found.dismissed, _('Dismissed by {name}', name=found.dismissed.by))


def _draw_answer(said: Answer, sentence: str) -> None:
    with ui.element('p').classes('risk-said') as line:
        Text('span', sentence)
        if said.reason:
            Text('q', said.reason).props('translate=no')
    line.props['title'] = exact(said.at)


def of_band(band: BandQuality) -> str:
    """Return how often one band was right."""
    word = BANDS[band.band]
    return ngettext(
        '{band}: of 1 learner, {unfinished} did not complete the course.',
        '{band}: of {count} learners, {unfinished} did not complete the course.',
        band.learners,
        band=word,
        unfinished=band.unfinished,
    )


def _after(step: NextStep, *, of_learner: bool) -> str:
    when = WHEN[step.urgency]
    if step.band is None or of_learner:
        return when
    return _('{when}; {then}', when=when, then=THEN[step.band])
