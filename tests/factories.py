"""Rows for tests: small, honest, valid by default."""

from importlib import import_module
from types import SimpleNamespace

import factory
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from factory.django import DjangoModelFactory, Password

from wizard import drafts
from wizard.engine.snapshot import digest_of
from wizard.models import (
    Answer,
    Case,
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


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence("user-{}".format)
    password = Password("secret")


class AgentFactory(UserFactory):
    """Somebody who works at the desk."""

    class Meta:
        skip_postgeneration_save = True

    username = factory.Sequence("agent-{}".format)

    @factory.post_generation
    def in_the_group(self, create, extracted, **kwargs):
        if not create:
            return
        # A test with transactions of its own takes along what the migration has made.
        group, made = Group.objects.get_or_create(name="Agents")
        if made:
            group.permissions.add(Permission.objects.get(codename="use_desk"))
        self.groups.add(group)


class AuthorFactory(UserFactory):
    """Somebody who edits guides and publishes them, and is no superuser."""

    class Meta:
        skip_postgeneration_save = True

    username = factory.Sequence("author-{}".format)
    is_staff = True

    @factory.post_generation
    def in_the_groups(self, create, extracted, **kwargs):
        if not create:
            return
        # As above: made again by the migration itself where a test has taken them along.
        roles = import_module("wizard.migrations.0008_roles")
        roles.make(apps, SimpleNamespace(connection=connection))
        self.groups.set(Group.objects.filter(name__in=("Authors", "Publishers")))


class GuideFactory(DjangoModelFactory):
    class Meta:
        model = Guide

    slug = factory.Sequence("guide-{}".format)
    title = factory.Sequence("Guide {}".format)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    guide = factory.SubFactory(GuideFactory)
    key = factory.Sequence("question-{}".format)
    order = factory.Sequence(int)
    text = factory.Sequence("What is the matter, case {}?".format)
    why = "It tells us where the message stopped."


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    guide = factory.SubFactory(GuideFactory)
    key = factory.Sequence("outcome-{}".format)
    order = factory.Sequence(int)
    title = factory.Sequence("Cause {}".format)
    happened = "The message stopped on its way."
    certainty_note = "The report says so."
    come_back = "Look again in ten minutes."


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)
    key = factory.Sequence("answer-{}".format)
    order = factory.Sequence(int)
    label = factory.Sequence("Answer {}".format)


class RemediationStepFactory(DjangoModelFactory):
    class Meta:
        model = RemediationStep

    outcome = factory.SubFactory(OutcomeFactory)
    order = factory.Sequence(int)
    audience = "recipient"
    text = "Turn the phone on."


class CodeFactory(DjangoModelFactory):
    class Meta:
        model = Code

    guide = factory.SubFactory(GuideFactory)
    # Beside E200030, which `publishable_guide` has.
    code = factory.Sequence("E3{:05}".format)
    meaning = "The template is not active."


class PublicationFactory(DjangoModelFactory):
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
    phone_off = OutcomeFactory(guide=guide, key="phone-off", title="The phone is off")
    template = OutcomeFactory(guide=guide, key="template", title="The template is not active")
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


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = Case

    publication = factory.SubFactory("tests.factories.PublicationFactory")
    message_id = factory.Sequence("4b4b34e7-1a9e-42ac-b309-d10997148905_{}".format)


class FlagFactory(DjangoModelFactory):
    class Meta:
        model = Flag

    guide = factory.SubFactory(GuideFactory)
    publication = factory.SubFactory(PublicationFactory, guide=factory.SelfAttribute("..guide"))
    node = "start"
    title = "What do you see?"
    text = "The answer that most people need is missing."
    by = "agent"


class StatusReportFactory(DjangoModelFactory):
    class Meta:
        model = StatusReport

    message_id = factory.Sequence("b9d9b4fe-ad0e-4a2a-a2c7-445505b674ac_{}".format)
    status = "DELIVRD"
    source = "2"
    update_time = "2026-11-23T11:59:58Z"


class QueueFactory(DjangoModelFactory):
    class Meta:
        model = Queue

    name = factory.Sequence("Queue {}".format)


class DeliveryFactory(DjangoModelFactory):
    """A mail that waits to be sent."""

    class Meta:
        model = Delivery

    case = factory.SubFactory(CaseFactory)
    kind = "mail"
    to = "second-line@example.com"
    subject = "SMS-7F3K2Q: The phone is off"
    text = "It waits at the question."
    payload = {"format": 1, "reference": "SMS-7F3K2Q"}
