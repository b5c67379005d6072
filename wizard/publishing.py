"""Publishing: the draft becomes what visitors read."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from wizard import drafts
from wizard.engine.checks import Problem, check, errors
from wizard.engine.snapshot import compile_document
from wizard.models import Guide, Publication


class NotPublishable(Exception):
    """The checks found errors. `problems` holds every finding."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(errors(problems))} errors")
        self.problems = problems


class Unchanged(Exception):
    """The draft is what is live already; nothing was published."""


def publish(guide: Guide, *, by: AbstractBaseUser | None, note: str = "") -> Publication:
    """Check the draft and make it the live publication.

    Two who publish at once queue for the guide's row, and the second is told that nothing changed.

    Raises:
        NotPublishable: the checks found errors.
        Unchanged: the live publication has the same content.
    """
    with transaction.atomic():
        guide = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
        document = drafts.document_of(guide)
        snapshot = compile_document(document)
        problems = check(snapshot)
        if errors(problems):
            raise NotPublishable(problems)
        if guide.live and guide.live.digest == snapshot.digest:
            raise Unchanged
        newest = guide.publications.order_by("-number").first()
        publication = Publication.objects.create(
            guide=guide,
            number=newest.number + 1 if newest else 1,
            snapshot=document,
            digest=snapshot.digest,
            note=note,
            author=by,
        )
        guide.live = publication
        guide.save(update_fields=["live"])
    return publication
