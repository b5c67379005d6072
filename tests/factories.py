"""Rows for tests: small, honest, valid by default."""

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import factory
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import Model
from factory.django import DjangoModelFactory, Password

from wizard.authoring import drafts
from wizard.engine.document import digest_of
from wizard.models import (
    Answer,
    Case,
    Cause,
    Code,
    Delivery,
    Flag,
    Guide,
    Outcome,
    Publication,
    Question,
    Queue,
    RemediationStep,
    StatusReport,
)

_Model = TypeVar("_Model", bound=Model)


class _Factory(DjangoModelFactory[_Model]):
    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def __new__(cls, **fields: Any) -> _Model:  # type: ignore[misc] # a row, by its metaclass
            ...


class UserFactory(_Factory[User]):
    class Meta:
        model = get_user_model()

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence("user-{}".format)
    password = Password("secret")


def _join_agents(user: User, create: bool, extracted: object, **kwargs: object) -> None:
    if not create:
        return
    # A test with transactions of its own takes along what the migration has made.
    group, made = Group.objects.get_or_create(name="Agents")
    if made:
        group.permissions.add(Permission.objects.get(codename="use_desk"))
    user.groups.add(group)


class AgentFactory(UserFactory):
    """Somebody who works at the desk."""

    class Meta:
        skip_postgeneration_save = True

    username = factory.Sequence("agent-{}".format)

    in_the_group = factory.PostGeneration(_join_agents)


def _join_authors(user: User, create: bool, extracted: object, **kwargs: object) -> None:
    if not create:
        return
    # As above: made again by the migration itself where a test has taken them along.
    roles = import_module("wizard.migrations.0008_roles")
    editor = SimpleNamespace(connection=connection)
    roles.make(apps, editor)
    import_module("wizard.migrations.0011_synonyms").allow(apps, editor)
    user.groups.set(Group.objects.filter(name__in=("Authors", "Publishers")))


class AuthorFactory(UserFactory):
    """Somebody who edits guides and publishes them, and is no superuser."""

    class Meta:
        skip_postgeneration_save = True

    username = factory.Sequence("author-{}".format)
    is_staff = True
    in_the_groups = factory.PostGeneration(_join_authors)


class GuideFactory(_Factory[Guide]):
    class Meta:
        model = Guide

    slug = factory.Sequence("guide-{}".format)
    title = factory.Sequence("Guide {}".format)


class QuestionFactory(_Factory[Question]):
    class Meta:
        model = Question

    guide = factory.SubFactory(GuideFactory)
    key = factory.Sequence("question-{}".format)
    order = factory.Sequence(int)
    text = factory.Sequence("What is the matter, case {}?".format)
    why = "It tells us where the message stopped."


class OutcomeFactory(_Factory[Outcome]):
    class Meta:
        model = Outcome

    guide = factory.SubFactory(GuideFactory)
    key = factory.Sequence("outcome-{}".format)
    order = factory.Sequence(int)
    title = factory.Sequence("Cause {}".format)
    happened = "The message stopped on its way."
    certainty_note = "The report says so."
    come_back = "Look again in ten minutes."


class AnswerFactory(_Factory[Answer]):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)
    key = factory.Sequence("answer-{}".format)
    order = factory.Sequence(int)
    label = factory.Sequence("Answer {}".format)


class RemediationStepFactory(_Factory[RemediationStep]):
    class Meta:
        model = RemediationStep

    outcome = factory.SubFactory(OutcomeFactory)
    order = factory.Sequence(int)
    audience = "recipient"
    text = "Turn the phone on."


class CodeFactory(_Factory[Code]):
    class Meta:
        model = Code

    guide = factory.SubFactory(GuideFactory)
    # Beside E200030, which `publishable_guide` has.
    code = factory.Sequence("E3{:05}".format)
    meaning = "The template is not active."


class CauseFactory(_Factory[Cause]):
    class Meta:
        model = Cause

    guide = factory.SubFactory(GuideFactory)
    cause = "expired"


class PublicationFactory(_Factory[Publication]):
    """A publication of the guide's draft as it stands; it is not made live."""

    class Meta:
        model = Publication

    guide = factory.SubFactory(GuideFactory)
    number = factory.Sequence(lambda n: n + 1)
    snapshot = factory.LazyAttribute(lambda row: drafts.document_of(row.guide))
    digest = factory.LazyAttribute(lambda row: digest_of(row.snapshot))


def publishable_guide(**fields: str) -> Guide:
    """A tiny guide in which the checks find nothing: two questions, two outcomes, one code."""
    guide = GuideFactory(**{"slug": "tiny", "title": "Tiny guide", **fields})
    start = QuestionFactory(guide=guide, key="start", text="What do you see?")
    code = QuestionFactory(guide=guide, key="code", text="Which code?", kind="code")
    phone_off = OutcomeFactory(
        guide=guide, key="phone-off", title="The phone is off", next_actor="recipient"
    )
    template = OutcomeFactory(
        guide=guide, key="template", title="The template is not active", next_actor="admin"
    )
    AnswerFactory(question=start, key="nothing", label="Nothing", to_outcome=phone_off)
    AnswerFactory(question=start, key="error", label="An error", to_outcome=template)
    AnswerFactory(question=start, key="a-code", label="A code", to_question=code)
    AnswerFactory(question=code, key="no-code", label="None", unsure=True, to_outcome=template)
    RemediationStepFactory(outcome=phone_off)
    RemediationStepFactory(outcome=template, audience="admin", text="Activate the template.")
    CodeFactory(guide=guide, code="E200030", to_outcome=template)
    guide.start = start
    guide.save()
    return guide


class CaseFactory(_Factory[Case]):
    class Meta:
        model = Case

    publication = factory.SubFactory("tests.factories.PublicationFactory")
    message_id = factory.Sequence("4b4b34e7-1a9e-42ac-b309-d10997148905_{}".format)


class FlagFactory(_Factory[Flag]):
    class Meta:
        model = Flag

    guide = factory.SubFactory(GuideFactory)
    publication = factory.SubFactory(PublicationFactory, guide=factory.SelfAttribute("..guide"))
    node = "start"
    title = "What do you see?"
    text = "The answer that most people need is missing."
    by = "agent"


class StatusReportFactory(_Factory[StatusReport]):
    class Meta:
        model = StatusReport

    message_id = factory.Sequence("b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_{}".format)
    status = "DELIVRD"
    source = "2"
    update_time = "2026-11-23T11:59:58Z"


class QueueFactory(_Factory[Queue]):
    class Meta:
        model = Queue

    name = factory.Sequence("Queue {}".format)


class DeliveryFactory(_Factory[Delivery]):
    """A mail that waits to be sent."""

    class Meta:
        model = Delivery

    case = factory.SubFactory(CaseFactory)
    kind = "mail"
    to = "second-line@example.com"
    subject = "SMS-7F3K2Q: The phone is off"
    text = "It waits at the question."
    payload = {"format": 1, "reference": "SMS-7F3K2Q"}
