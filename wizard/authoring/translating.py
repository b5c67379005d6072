"""What there is to translate in a draft, and translations as translators send them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from wizard.authoring import audit
from wizard.engine.languages import Place, Text, texts
from wizard.engine.snapshot import Snapshot
from wizard.models import Guide, Translation
from wizard.models.translation import digest_of_text, translations_of


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """A text of the draft and its translation, "" if it has none.

    Where visitors read another text in this place and it is translated, `old_text` and
    `old_translation` are those: a small change of a text is a small change of its translation.
    """

    at: Text
    digest: str
    translation: str = ""
    old_text: str = ""
    old_translation: str = ""


@dataclass(frozen=True, slots=True)
class SentTranslation:
    """A translation as somebody sends it. `seen`: what stood there when they opened the page."""

    translation: str
    seen: str


@dataclass(frozen=True, slots=True)
class TranslationConflict:
    """A translation that somebody else has changed since the page was opened; it is not stored."""

    text: str
    theirs: str
    sent: str


def rows(draft: Snapshot, live: Snapshot | None, language: str) -> list[TranslationRow]:
    """Each text of the draft once, in its order, where it stands first."""
    translated = draft.translations.get(language, {})
    before = _by_place(live, language) if live is not None else {}
    found: dict[str, TranslationRow] = {}
    for at in texts(draft):
        if at.text in found:
            continue
        old_text, old_translation = before.get((at.place, at.key, at.part, at.field), ("", ""))
        if at.text in translated or old_text == at.text:
            old_text = old_translation = ""
        found[at.text] = TranslationRow(
            at,
            digest_of_text(at.text),
            translated.get(at.text, ""),
            old_text,
            old_translation,
        )
    return list(found.values())


def _by_place(live: Snapshot, language: str) -> dict[tuple[Place, str, str, str], tuple[str, str]]:
    """Texts that visitors read with their translations, by their places."""
    translated = live.translations.get(language, {})
    return {
        (at.place, at.key, at.part, at.field): (at.text, translated[at.text])
        for at in texts(live)
        if at.text in translated
    }


@transaction.atomic
def save(
    guide: Guide,
    language: str,
    among: Iterable[TranslationRow],
    sent: Mapping[str, SentTranslation],
) -> tuple[int, list[TranslationConflict]]:
    """Store translations: how many were changed, and those that somebody else changed meanwhile.

    A translation is sent by the digest of its text; an empty one is taken away. What was not
    changed by who sends it is left as it is now. A few queries, however many are sent.
    """
    # Whoever translates the same guide waits here.
    Guide.objects.select_for_update().get(pk=guide.pk)
    stored = {row.digest: row for row in guide.translations.filter(language=language)}
    conflicts, added, changed, emptied = [], {}, [], []
    for row in among:
        one = sent.get(row.digest)
        if one is None or one.translation == one.seen:
            continue
        now = stored.get(row.digest)
        there = now.translation if now is not None else ""
        if there == one.translation:
            continue
        if there != one.seen:
            conflicts.append(TranslationConflict(row.at.text, there, one.translation))
        elif now is None:
            added[row.at.text] = one.translation
        elif not one.translation:
            emptied.append(now.pk)
        else:
            now.translation, now.changed_at = one.translation, timezone.now()
            changed.append(now)
    changed += translations_of(guide, language, added)
    audit.save_all(Translation, changed, ["translation", "changed_at"])
    audit.delete_all(Translation.objects.filter(pk__in=emptied))
    return len(changed) + len(emptied), conflicts
