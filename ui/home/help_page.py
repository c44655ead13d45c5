"""`/help`: what each person does here and how, for learners, for those who teach, for admins and for parents."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core.phrases import Phrase, phrase
from services.enums import Role
from ui.kit.language import _, say
from ui.kit.legend import legend
from ui.kit.text import Text, named, title
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

Answers = Sequence[tuple[Phrase, Phrase]]

LEARNING: Answers = (
    (
        phrase('How do I get into a class?'),
        phrase('Type the class code from the screen of your classroom on the start page, or scan the QR code.'),
    ),
    (
        phrase('I have no account. How do I come back?'),
        phrase('By your own code, which stands on the page of your class. Type it on the start page of any device.'),
    ),
    (
        phrase('Did my tap count?'),
        phrase('When it says “Saved”, it is stored. “Undo” takes it back.'),
    ),
    (
        phrase('I do not get any further.'),
        phrase('Press “I’m stuck” in class and say what does not work. Your instructor sees it at once.'),
    ),
    (
        phrase('May I learn at home?'),
        phrase('Yes. Open the course on the start page: it goes on where you were, on any device.'),
    ),
    (
        phrase('Who sees what I do?'),
        phrase('Those who teach the course see which steps you have done and when. Only you see notes and own goals.'),
    ),
    (
        phrase('Can my parents see how I am doing?'),
        phrase(
            'With a code that you make under “Your parents” on your account page. There you end it too, at any time.'
        ),
    ),
)
PARENTS: Answers = (
    (
        phrase('What do I see?'),
        phrase('How the week of your child goes: the steps against their own goal, time, and what needs attention.'),
    ),
    (
        phrase('How do I add another child?'),
        phrase('Get a code from the child or the school, and enter it at the end of the page of a child.'),
    ),
    (
        phrase('Does my child know that I look?'),
        phrase('Yes. Your child sees on which days you looked. Each of you can end the link.'),
    ),
    (
        phrase('What do the steps and scores mean?'),
        phrase(
            'A course is made of steps. Your child chooses how many to do in a week. Scores go from 0 to 100; a grade '
            'with extra credit can be above that.'
        ),
    ),
)
TEACHING: Answers = (
    (
        phrase('How do I begin?'),
        phrase('Make a course, and paste your list of steps into it, one per line. Then start the class.'),
    ),
    (
        phrase('How do learners get in?'),
        phrase('Open the projector from the Live page: it shows the class code and the QR code. A name is enough.'),
    ),
    (
        phrase('How do I lead the class?'),
        phrase('On the Live page: Next and Previous move everybody, and Pause stops them. “?” shows the keys.'),
    ),
    (
        phrase('Who needs me?'),
        phrase('Live lists who asked for help and who has fallen behind. A click on a name opens that learner.'),
    ),
    (
        phrase('Can I see the class as it sits?'),
        phrase('Yes. On the Live page, choose “Seats”. A learner whom you open can be given another seat.'),
    ),
    (
        phrase('A learner has lost their code.'),
        phrase('Open People: “Codes of guests” has the code of everybody without an account.'),
    ),
    (
        phrase('How do I find something?'),
        phrase('Press “/” or Ctrl+K on any page, and type a part of the name of a course, a step or a person.'),
    ),
)
RUNNING: Answers = (
    (
        phrase('How do teachers get an account?'),
        phrase('Open “Your school”, make a link under “Invite an instructor” and send it to one person.'),
    ),
    (
        phrase('Somebody has forgotten their password.'),
        phrase('With a mail server they get a link by themselves. Without one, make a link in “Your school”.'),
    ),
    (
        phrase('Is all well?'),
        phrase('The start page says so at the top, and shows what to do where something is not.'),
    ),
    (
        phrase('How do I keep a person out?'),
        phrase('Find them on the start page, and switch their account off in their menu. What they did stays.'),
    ),
)


def create() -> None:
    """Declare the page."""

    @page('/help', title='Help')
    async def help_(visit: Visit) -> Response | None:
        actor = visit.actor
        with frame(visit):
            way_back(_('To the start page'), '/')
            title(_('Help'))
            for name, answers in _for(actor):
                _answers(name, answers)
            if actor is None or actor.may_learn:
                legend(with_presence=bool(actor and actor.may_teach))
        return None


def _for(actor: Actor | None) -> list[tuple[str, Answers]]:
    """Return what concerns a person, the most important first."""
    if actor and not actor.may_learn:
        return [(_('For parents'), PARENTS)]
    parts = [(_('For those who learn'), LEARNING)]
    if actor and actor.may_teach:
        parts.insert(0, (_('For those who teach'), TEACHING))
    if actor and actor.role is Role.ADMIN:
        parts.insert(0, (_('For those who run the school'), RUNNING))
    return parts


def _answers(name: str, answers: Answers) -> None:
    with named(ui.element('section').classes('stack-tight'), name):
        Text('h2', name).classes('heading')
        with ui.element('dl').classes('help-answers'):
            for question, answer in answers:
                with ui.element('div'):
                    Text('dt', say(question))
                    Text('dd', say(answer))
