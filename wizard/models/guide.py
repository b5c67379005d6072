"""The draft: guide, questions, answers, outcomes, remediation steps. Visitors never read these."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wizard.engine import lists
from wizard.engine.rules import RuleError, parse_rule
from wizard.engine.snapshot import ENGLISH
from wizard.models.audited import Audited
from wizard.models.fields import KeyField, LinesField, choices, languages, lines
from wizard.wording.codes import LIBRARIES
from wizard.wording.guide import (
    ACTORS_TO_CHOOSE,
    CERTAINTIES,
    HAND_OVERS,
    NAMESPACES,
    QUESTION_KINDS,
    STATIONS,
)
from wizard.wording.problems import rule_problem

GUIDE_NODE = "guide:"
"""How the audit log names the guide itself among its nodes."""

ONE_TARGET = _("Choose a question or an outcome, not both.")


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> Self:
        """The guides that visitors can read, in the order of the home page."""
        return self.exclude(live=None).order_by("order", "title")

    def next_order(self) -> int:
        """The place after all others on the home page."""
        last = self.aggregate(last=models.Max("order"))["last"]
        return 0 if last is None else last + 10


class Guide(Audited, models.Model):
    """One decision tree with its catalogue of codes."""

    slug = KeyField(
        _("address"),
        unique=True,
        help_text=_("Last part of the web address, such as: sms-not-received"),
    )
    title = models.CharField(_("title"), max_length=120, help_text=_("My SMS did not arrive"))
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences for the home page: whom it helps, with what."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        choices=languages,
        default=ENGLISH,
        help_text=_("The language its texts are written in; the others are its translations."),
    )
    library = models.CharField(
        _("library of codes"),
        max_length=20,
        blank=True,
        choices=choices(tuple(LIBRARIES), LIBRARIES),
        help_text=_("Codes that the guide has no row of its own for; they lead by their causes."),
    )
    start = models.ForeignKey(
        "Question",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("start question"),
        help_text=_("The question that everybody is asked first."),
    )
    live = models.ForeignKey(
        "Publication",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("live publication"),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Place on the home page; the lowest stands first.")
    )

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ("order", "title")
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        permissions = [("publish_guide", "Can publish guides")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("wizard:walk", args=[self.slug])

    def audited_as(self) -> tuple[int | None, str]:
        return self.pk, GUIDE_NODE

    def clean(self) -> None:
        if self.start and self.pk and self.start.guide_id != self.pk:
            raise ValidationError({"start": _("The start question belongs to another guide.")})


class Question(Audited, models.Model):
    """One question of a guide."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="questions", verbose_name=_("guide")
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Place in lists and files; visitors do not see it.")
    )
    key = KeyField(help_text=_("Never change it once the guide is live: links hold on to it."))
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=choices(lists.QUESTION_KINDS, QUESTION_KINDS),
        default="choice",
    )
    text = models.CharField(
        _("question"),
        max_length=200,
        blank=True,
        help_text=_("The heading of the page. “What does the status report say?”"),
    )
    why = models.CharField(
        _("why we ask"),
        max_length=300,
        blank=True,
        help_text=_("One sentence. “This tells us who stopped the message.”"),
    )
    help = models.TextField(
        _("help"), blank=True, help_text=_("Markdown: where to look, how to find out.")
    )
    agent_note = models.TextField(
        _("agent note"), blank=True, help_text=_("Markdown, for agents; customers never see it.")
    )
    catalogue = models.CharField(
        _("codes"),
        max_length=10,
        choices=choices(lists.NAMESPACES, NAMESPACES),
        default="status",
        help_text=_("For a typed code: which list it is looked up in."),
    )
    fact = models.CharField(
        _("fact"),
        max_length=60,
        blank=True,
        help_text=_("For a typed code: the fact that answers it, such as report.status"),
    )
    synonyms = LinesField(
        _("people also say"),
        blank=True,
        help_text=_(
            "Words and phrases by which people look for this and which its texts lack, one a line: "
            "no battery. Only the search reads them."
        ),
    )
    covers = LinesField(
        _("covers"), blank=True, help_text=_("Items of the vendor's FAQ, one a line, such as S2.4")
    )

    class Meta:
        ordering = ("guide", "order", "pk")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["guide", "key"], name="question_key_once_a_guide")
        ]

    def __str__(self) -> str:
        return self.text or self.key

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, f"question:{self.key}"

    def clean(self) -> None:
        _refuse_key_of(Outcome, self)


class Outcome(Audited, models.Model):
    """A cause and its fix: where a walk arrives."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("guide")
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Place in lists and files; visitors do not see it.")
    )
    key = KeyField(help_text=_("Never change it once the guide is live: links hold on to it."))
    title = models.CharField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("The cause in a few words. “The phone is off or out of reach”"),
    )
    happened = models.TextField(
        _("what happened"),
        blank=True,
        help_text=_("Markdown, one to three sentences, in the person's terms."),
    )
    certainty = models.CharField(
        _("how sure"),
        max_length=10,
        choices=choices(lists.CERTAINTIES, CERTAINTIES),
        default="possible",
    )
    certainty_note = models.CharField(
        _("how we know"),
        max_length=300,
        blank=True,
        help_text=_("One sentence. “The report comes from the carrier.”"),
    )
    stopped_at = models.CharField(
        _("where it stopped"),
        max_length=10,
        choices=choices(lists.STATIONS, STATIONS),
        blank=True,
        help_text=_("The station on the way from the application to the phone, where it is known."),
    )
    next_actor = models.CharField(
        _("who acts next"),
        max_length=10,
        choices=choices(lists.ACTORS, ACTORS_TO_CHOOSE),
        default="nobody",
    )
    no_steps = models.CharField(
        _("why no step is needed"),
        max_length=300,
        blank=True,
        help_text=_("Only for an outcome without steps."),
    )
    come_back = models.CharField(
        _("when to come back"),
        max_length=300,
        blank=True,
        help_text=_("“Look again once the phone has been on for ten minutes.”"),
    )
    come_back_minutes = models.PositiveIntegerField(
        _("minutes until then"),
        default=0,
        help_text=_("If given, the page shows the date and time. 4320 are 72 hours."),
    )
    still_failing = models.TextField(
        _("if it still fails"), blank=True, help_text=_("Markdown: what to do then.")
    )
    otherwise_question = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="outcomes_otherwise",
        verbose_name=_("“still failing” goes to question"),
    )
    otherwise_outcome = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="outcomes_otherwise",
        verbose_name=_("or to outcome"),
    )
    hand_over = models.CharField(
        _("hand over to support"),
        max_length=10,
        choices=choices(lists.HAND_OVERS, HAND_OVERS),
        default="if-failing",
    )
    hand_over_when = models.CharField(
        _("hand over when"),
        max_length=300,
        blank=True,
        help_text=_("“The phone is on, and no report came within 72 hours.”"),
    )
    attach = LinesField(
        _("what to send along"), blank=True, help_text=_("One thing a line: the message ID")
    )
    agent_note = models.TextField(
        _("agent note"), blank=True, help_text=_("Markdown, for agents; customers never see it.")
    )
    reply = models.TextField(
        _("reply to the customer"),
        blank=True,
        help_text=_(
            "What an agent may send. Filled in for the case: {reference}, {message_id}, "
            "{recipient}, {code}, {come_back}, {link}. A sentence with one that is not known is "
            "left out."
        ),
    )
    synonyms = LinesField(
        _("people also say"),
        blank=True,
        help_text=_(
            "Words and phrases by which people look for this and which its texts lack, one a line: "
            "no battery. Only the search reads them."
        ),
    )
    covers = LinesField(
        _("covers"), blank=True, help_text=_("Items of the vendor's FAQ, one a line, such as S2.4")
    )
    sources = LinesField(
        _("sources"), blank=True, help_text=_("Names of the vendor's pages, one a line: faq_0016")
    )

    class Meta:
        ordering = ("guide", "order", "pk")
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.UniqueConstraint(fields=["guide", "key"], name="outcome_key_once_a_guide"),
            models.CheckConstraint(
                condition=Q(otherwise_question=None) | Q(otherwise_outcome=None),
                name="outcome_goes_on_to_one_node",
                violation_error_message=ONE_TARGET,
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, f"outcome:{self.key}"

    def clean(self) -> None:
        _refuse_key_of(Question, self)
        refuse_two_targets(self.otherwise_question, self.otherwise_outcome, "otherwise_outcome")
        refuse_foreign_target(self.guide_id, otherwise_question=self.otherwise_question)
        refuse_foreign_target(self.guide_id, otherwise_outcome=self.otherwise_outcome)


class Answer(Audited, models.Model):
    """One way on from a question, to a question or an outcome."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    key = KeyField()
    label = models.CharField(_("answer"), max_length=200, blank=True)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    unsure = models.BooleanField(
        _("“I don't know”"), default=False, help_text=_("Shown last, after an “or”.")
    )
    to_question = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers_leading_here",
        verbose_name=_("goes to question"),
    )
    to_outcome = models.ForeignKey(
        Outcome,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers_leading_here",
        verbose_name=_("or to outcome"),
    )
    rules = LinesField(
        _("known when"),
        blank=True,
        help_text=_("One rule a line, any of which suffices: report.status is DELIVRD"),
    )

    class Meta:
        ordering = ("question", "order", "pk")
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="answer_key_once_a_question"),
            models.CheckConstraint(
                condition=Q(to_question=None) | Q(to_outcome=None),
                name="answer_goes_to_one_node",
                violation_error_message=ONE_TARGET,
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.key

    def audited_as(self) -> tuple[int | None, str]:
        return self.question.audited_as()

    def clean(self) -> None:
        refuse_two_targets(self.to_question, self.to_outcome, "to_outcome")
        if self.question_id:
            refuse_foreign_target(self.question.guide_id, to_question=self.to_question)
            refuse_foreign_target(self.question.guide_id, to_outcome=self.to_outcome)
        for line in lines(self.rules):
            try:
                parse_rule(line)
            except RuleError as error:
                raise ValidationError({"rules": rule_problem(error)}) from error


class RemediationStep(Audited, models.Model):
    """One action of one person on the way out of an outcome."""

    outcome = models.ForeignKey(
        Outcome, on_delete=models.CASCADE, related_name="steps", verbose_name=_("outcome")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    audience = models.CharField(
        _("who does it"),
        max_length=10,
        choices=choices(lists.AUDIENCES, ACTORS_TO_CHOOSE),
        blank=True,
    )
    text = models.TextField(
        _("what to do"), blank=True, help_text=_("Markdown, one action, verb first.")
    )
    see = models.CharField(_("what they should see"), max_length=300, blank=True)
    time = models.CharField(
        _("how long it takes"), max_length=120, blank=True, help_text=_("5 minutes")
    )
    link = models.CharField(
        _("link"), max_length=300, blank=True, help_text=_("https://… or a path on this site: /…")
    )

    class Meta:
        ordering = ("outcome", "order", "pk")
        verbose_name = _("remediation step")
        verbose_name_plural = _("remediation steps")

    def __str__(self) -> str:
        return self.text[:80]

    def audited_as(self) -> tuple[int | None, str]:
        return self.outcome.audited_as()


def refuse_two_targets(question: Question | None, outcome: Outcome | None, field: str) -> None:
    """Raise ValidationError where both targets are given."""
    if question and outcome:
        raise ValidationError({field: ONE_TARGET})


def refuse_foreign_target(guide_id: int | None, **target: Question | Outcome | None) -> None:
    """Raise ValidationError where the target belongs to another guide."""
    for field, node in target.items():
        if node and guide_id and node.guide_id != guide_id:
            raise ValidationError({field: _("This belongs to another guide.")})


def _refuse_key_of(other: "type[Question | Outcome]", node: Question | Outcome) -> None:
    """Questions and outcomes of a guide share one space of keys: addresses name both alike."""
    if node.guide_id and other.objects.filter(guide_id=node.guide_id, key=node.key).exists():
        message = _("The key is taken: questions and outcomes of a guide share their keys.")
        raise ValidationError({"key": message})
