"""What visitors asked for in vain, counted: lists of work for the authors."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

Asked = TypeVar("Asked", bound=models.Model)


class AskedQuerySet(models.QuerySet[Asked]):
    """Rows of a model that has `times`, `last_seen` and `settled`; `asked_in` names its text."""

    asked_in: ClassVar[str]

    def record(self, asked: str, *, keep: int) -> None:
        """Count one more visitor who asked for this in vain.

        Safe under any number of processes: the count is raised by the database, and of two
        that add the same text at once the second falls back to counting. Nothing new is added
        once there are `keep` rows, so that nobody can fill the table from outside.
        """
        named: dict[str, Any] = {self.asked_in: asked}
        if self._count(named) or self.count() >= keep:
            return
        try:
            with transaction.atomic():
                self.create(**named)
        except IntegrityError:
            self._count(named)

    def _count(self, named: dict[str, Any]) -> int:
        return self.filter(**named).update(times=F("times") + 1, last_seen=timezone.now())

    def waiting(self) -> Self:
        return self.filter(settled=False)
