"""The catalogue: what the vendor's codes mean, and codes that visitors asked for in vain."""

from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wizard.engine import lists
from wizard.engine.snapshot import CODE, CODE_LENGTH
from wizard.models.asked import AskedQuerySet
from wizard.models.audited import Audited
from wizard.models.fields import LinesField, choices
from wizard.models.guide import (
    ONE_TARGET,
    Guide,
    Outcome,
    Question,
    refuse_foreign_target,
    refuse_two_targets,
)
from wizard.wording.codes import CARRIERS, CAUSES, CONFIDENCES, RETRIES
from wizard.wording.guide import ACTORS_TO_CHOOSE, CODE_REGIONS, CODE_SOURCES, NAMESPACES


class Code(Audited, models.Model):
    """One code, or a family of codes that share a prefix (`MK:*`)."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="codes", verbose_name=_("guide")
    )
    namespace = models.CharField(
        _("where it appears"),
        max_length=10,
        choices=choices(lists.NAMESPACES, NAMESPACES),
        default="status",
    )
    code = models.CharField(
        _("code"),
        max_length=CODE_LENGTH + 1,
        validators=[
            RegexValidator(
                rf"^(?:{CODE.pattern})\Z",
                _("Letters, digits, and : . _ - only; a family ends in a star: MK:*"),
            )
        ],
        help_text=_("E200030, or a family: its prefix and a star (MK:*)"),
    )
    source = models.CharField(
        _("who makes it"),
        max_length=10,
        choices=choices(lists.CODE_SOURCES, CODE_SOURCES),
        default="platform",
    )
    region = models.CharField(
        _("region"),
        max_length=15,
        choices=choices(lists.CODE_REGIONS, CODE_REGIONS),
        default="all",
    )
    meaning = models.CharField(
        _("meaning"), max_length=300, blank=True, help_text=_("One plain sentence.")
    )
    causes = LinesField(_("causes"), blank=True, help_text=_("One possible cause a line."))
    steps = LinesField(
        _("steps"), blank=True, help_text=_("One a line: what to do about this very code.")
    )
    next_actor = models.CharField(
        _("who acts next"),
        max_length=10,
        choices=choices(lists.ACTORS, ACTORS_TO_CHOOSE),
        default="support",
    )
    note = models.CharField(
        _("note"), max_length=400, blank=True, help_text=_("What we could not find out.")
    )
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("When it was compared with its source.")
    )
    to_question = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="codes_leading_here",
        verbose_name=_("leads to question"),
    )
    to_outcome = models.ForeignKey(
        Outcome,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="codes_leading_here",
        verbose_name=_("or to outcome"),
    )
    sources = LinesField(
        _("sources"), blank=True, help_text=_("Names of the vendor's pages, one a line: api_0051")
    )
    cause = models.CharField(
        _("cause"),
        max_length=30,
        blank=True,
        choices=choices(lists.CAUSES, CAUSES),
        help_text=_("Leads where the guide leads this cause, unless the code has its own target."),
    )
    carrier = models.CharField(
        _("list"), max_length=15, blank=True, choices=choices(lists.CARRIERS, CARRIERS)
    )
    retry = models.CharField(
        _("does sending again help"),
        max_length=10,
        blank=True,
        choices=choices(lists.RETRIES, RETRIES),
    )
    confidence = models.CharField(
        _("how sure it is"),
        max_length=15,
        blank=True,
        choices=choices(lists.CONFIDENCES, CONFIDENCES),
    )
    others = LinesField(
        _("other meanings"),
        blank=True,
        help_text=_("One a line, where sources differ: what others use this code for."),
    )

    class Meta:
        ordering = ("namespace", "code")
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(
                "guide",
                "namespace",
                Upper("code"),
                name="code_once_a_guide_and_namespace",
                violation_error_message=_("The guide has this code in this list already."),
            ),
            models.CheckConstraint(
                condition=Q(to_question=None) | Q(to_outcome=None),
                name="code_leads_to_one_node",
                violation_error_message=ONE_TARGET,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("wizard:code", args=[self.code.removesuffix("*")])

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, f"code:{self.namespace}:{self.code}"

    def clean(self) -> None:
        refuse_two_targets(self.to_question, self.to_outcome, "to_outcome")
        refuse_foreign_target(self.guide_id, to_question=self.to_question)
        refuse_foreign_target(self.guide_id, to_outcome=self.to_outcome)


class Cause(Audited, models.Model):
    """Where a guide leads all codes of one cause."""

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="causes", verbose_name=_("guide")
    )
    cause = models.CharField(_("cause"), max_length=30, choices=choices(lists.CAUSES, CAUSES))
    to_question = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="causes_leading_here",
        verbose_name=_("leads to question"),
    )
    to_outcome = models.ForeignKey(
        Outcome,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="causes_leading_here",
        verbose_name=_("or to outcome"),
    )
    steps = LinesField(
        _("steps"), blank=True, help_text=_("One a line: what to do about any code of this cause.")
    )

    class Meta:
        ordering = ("cause",)
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "cause"],
                name="cause_once_a_guide",
                violation_error_message=_("The guide leads this cause somewhere already."),
            ),
            models.CheckConstraint(
                condition=Q(to_question=None) | Q(to_outcome=None),
                name="cause_leads_to_one_node",
                violation_error_message=ONE_TARGET,
            ),
        ]

    def __str__(self) -> str:
        return self.get_cause_display()

    def audited_as(self) -> tuple[int | None, str]:
        return self.guide_id, f"cause:{self.cause}"

    def clean(self) -> None:
        refuse_two_targets(self.to_question, self.to_outcome, "to_outcome")
        refuse_foreign_target(self.guide_id, to_question=self.to_question)
        refuse_foreign_target(self.guide_id, to_outcome=self.to_outcome)


class UnknownCodeQuerySet(AskedQuerySet["UnknownCode"]):
    asked_in = "code"

    def settle(self, codes: Iterable[str]) -> int:
        """These codes are in the catalogue now, in whatever case visitors typed them."""
        wanted = {code.upper() for code in codes}
        rows = self.waiting().annotate(upper=Upper("code")).filter(upper__in=wanted)
        return rows.update(settled=True)


class UnknownCode(models.Model):
    """A code that visitors asked for and the catalogue lacks: the authors' list of work."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True)
    times = models.PositiveIntegerField(_("times asked for"), default=1)
    first_seen = models.DateTimeField(_("first asked for"), default=timezone.now)
    last_seen = models.DateTimeField(_("last asked for"), default=timezone.now)
    settled = models.BooleanField(
        _("settled"), default=False, help_text=_("Added to the catalogue, or not a code at all.")
    )

    objects = UnknownCodeQuerySet.as_manager()

    class Meta:
        ordering = ("settled", "-times", "code")
        verbose_name = _("unknown code")
        verbose_name_plural = _("unknown codes")

    def __str__(self) -> str:
        return self.code
