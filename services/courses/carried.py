"""What goes along when a course is copied or written into a file, column by column, and what stays behind.

Every column of what makes up a course stands in one of the two tables; people and what they did never go along.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel import SQLModel

from models import (
    Assignment,
    AssignmentExtension,
    Attempt,
    AttemptAnswer,
    Checkpoint,
    Course,
    CourseExport,
    CourseGroup,
    GradeCategory,
    GradedItem,
    GradeOverride,
    Grading,
    LiveAnswer,
    LiveQuestion,
    LiveSession,
    LtiLink,
    LtiMilestone,
    LtiPlace,
    LtiReading,
    MadeBadge,
    Mastery,
    Module,
    PredictionRun,
    Question,
    QuestionPicture,
    QuestionVersion,
    Quiz,
    QuizException,
    QuizPart,
    ReportBundle,
    RosterClass,
    Skill,
    SkillEstimate,
    Submission,
    SubmissionFile,
    Upload,
)

CARRIED: Mapping[type[SQLModel], tuple[str, ...]] = MappingProxyType(
    {
        Course: (
            'title',
            'description',
            'subject',
            'classmates_help',
            'gives_certificates',
            'lag_percent',
            'lag_steps',
            'lag_minutes',
            'mastery_percent',
        ),
        Module: ('title', 'description', 'position'),
        Checkpoint: (
            'kind',
            'title',
            'description',
            'position',
            'estimated_minutes',
            'due_at',
            'tags',
            'is_preview',
            'body',
            'file_id',
            'link',
            'captions_id',
        ),
        Upload: ('name', 'media_type', 'size', 'seconds', 'pages'),
        Question: ('kind', 'title', 'plain', 'tags'),
        QuestionPicture: ('name', 'media_type', 'size'),
        QuestionVersion: ('content', 'points'),
        Quiz: (
            'is_published',
            'minutes',
            'attempts_allowed',
            'opens_at',
            'closes_at',
            'passing_percent',
            'is_practice',
            'is_adaptive',
            'asks_confidence',
            'one_at_a_time',
            'may_go_back',
            'shuffles_questions',
            'shuffles_options',
            'shows_score',
            'shows_right',
            'shows_solution',
            'shows_feedback',
            'bands',
        ),
        QuizPart: ('position', 'question_id', 'draw_tag', 'draw_count', 'points'),
        Assignment: (
            'takes_text',
            'most_files',
            'file_kinds',
            'takes_late',
            'is_graded',
            'passing_percent',
            'may_resubmit',
            'hides_names',
            'rubric',
        ),
        Grading: ('missing_counts', 'letters'),
        GradeCategory: ('name', 'weight', 'drop_lowest', 'position'),
        GradedItem: ('category_id', 'counts'),
    }
)

_NEW = 'the copy has its own'
_STATE = 'says what has become of this course, not what it is'
_ANEW = 'is decided anew for each class'
_COUNTED = 'follows from the rest'
_REGRADED = 'says what a new version meant for attempts, and attempts stay behind'
_LINKED = 'belongs to a link in a learning management system, which asks which course it opens'
_TAKEN = 'is what one person did, and people never go along'

LEFT_OUT: Mapping[type[SQLModel], Mapping[str, str]] = MappingProxyType(
    {
        Course: {
            'id': _NEW,
            'owner_id': 'the copy belongs to the person who makes it',
            'code': _NEW,
            'code_open': 'a new course can be joined',
            'is_predicted': _ANEW,
            **dict.fromkeys(('shows_points', 'shows_badges', 'shows_streaks', 'shows_leaderboard'), _ANEW),
            'copied_from_id': 'the copy has the course that it was copied from',
            'counted': _COUNTED,
            'created_at': _NEW,
            'updated_at': _NEW,
            'archived_at': _STATE,
            'deleted_at': _STATE,
        },
        Module: {'id': _NEW, 'course_id': _NEW, 'is_changed': _COUNTED, 'deleted_at': _STATE},
        Checkpoint: {
            'id': _NEW,
            'course_id': _NEW,
            'module_id': _NEW,
            'created_at': _NEW,
            'updated_at': _NEW,
            'deleted_at': _STATE,
        },
        Upload: {
            'id': _NEW,
            'stored_as': 'a name on the disk of this server',
            'uploaded_by': 'the person who brings the course in',
            'uploaded_at': _NEW,
        },
        Question: {
            'id': _NEW,
            'course_id': _NEW,
            'version': 'the newest version goes along, as the first one of the copy',
            'created_at': _NEW,
            'updated_at': _NEW,
            'deleted_at': _STATE,
        },
        QuestionPicture: {
            'id': _NEW,
            'course_id': _NEW,
            'stored_as': 'a name on the disk of this server',
            'added_at': _NEW,
        },
        QuestionVersion: {
            'id': _NEW,
            'question_id': _NEW,
            'number': 'the newest version goes along, as the first one of the copy',
            'created_by': 'the person who makes the copy',
            'created_at': _NEW,
            'change': _REGRADED,
            'keeps_better': _REGRADED,
            'reason': _REGRADED,
            'regraded_to': _REGRADED,
            'regraded_at': _REGRADED,
        },
        Quiz: {'checkpoint_id': _NEW, 'course_id': _NEW, 'updated_at': _NEW},
        QuizPart: {'id': _NEW, 'checkpoint_id': _NEW},
        Assignment: {'checkpoint_id': _NEW, 'course_id': _NEW, 'updated_at': _NEW},
        AssignmentExtension: dict.fromkeys(
            AssignmentExtension.model_fields, 'was agreed with one person or group of one course'
        ),
        LtiPlace: dict.fromkeys(LtiPlace.model_fields, _LINKED),
        LtiLink: dict.fromkeys(LtiLink.model_fields, _LINKED),
        LtiMilestone: dict.fromkeys(LtiMilestone.model_fields, _LINKED),
        LtiReading: dict.fromkeys(LtiReading.model_fields, _LINKED),
        CourseExport: dict.fromkeys(CourseExport.model_fields, 'is about the learners of one course'),
        RosterClass: dict.fromkeys(RosterClass.model_fields, 'says which class of the school one course is'),
        ReportBundle: dict.fromkeys(ReportBundle.model_fields, 'is about the learners of one course'),
        Submission: dict.fromkeys(Submission.model_fields, _TAKEN),
        SubmissionFile: dict.fromkeys(SubmissionFile.model_fields, _TAKEN),
        QuizException: dict.fromkeys(QuizException.model_fields, 'was agreed with one person of one course'),
        Attempt: dict.fromkeys(Attempt.model_fields, _TAKEN),
        AttemptAnswer: dict.fromkeys(AttemptAnswer.model_fields, _TAKEN),
        Mastery: dict.fromkeys(Mastery.model_fields, _TAKEN),
        Skill: dict.fromkeys(Skill.model_fields, 'comes about anew, once somebody has answered'),
        SkillEstimate: dict.fromkeys(SkillEstimate.model_fields, _TAKEN),
        Grading: {'course_id': _NEW},
        GradeCategory: {'id': _NEW, 'course_id': _NEW},
        GradedItem: {'checkpoint_id': _NEW, 'course_id': _NEW},
        GradeOverride: dict.fromkeys(GradeOverride.model_fields, _TAKEN),
        CourseGroup: dict.fromkeys(('id', 'course_id', 'name'), 'groups are made of the people of one course'),
        PredictionRun: dict.fromkeys(
            PredictionRun.model_fields, 'what was predicted is about the people of one course'
        ),
        MadeBadge: dict.fromkeys(MadeBadge.model_fields, 'what is done in this course counts for it'),
        LiveSession: dict.fromkeys(LiveSession.model_fields, 'classes were held with the people of one course'),
        LiveQuestion: dict.fromkeys(LiveQuestion.model_fields, 'was asked in one class'),
        LiveAnswer: dict.fromkeys(LiveAnswer.model_fields, _TAKEN),
    }
)


def carried_of(row: SQLModel) -> dict[str, Any]:
    """Return what goes along of one row, by the names of its columns."""
    return {name: getattr(row, name) for name in CARRIED[type(row)]}
