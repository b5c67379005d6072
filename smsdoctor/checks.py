"""What has to be there before the site is of use: `manage.py` says so before it does anything."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register


@register
def translations_are_built(**_options: object) -> list[Error]:
    """Nothing else would tell: without them the pages of another language are in English."""
    texts = [po for folder in settings.LOCALE_PATHS for po in Path(folder).rglob("*.po")]
    return [
        Error(
            f"The texts of {po.parts[-3]} are not built, so its pages would be in English.",
            hint="Build them with: pybabel compile -d wizard/locale -D django",
            id="smsdoctor.E001",
        )
        for po in texts
        if not po.with_suffix(".mo").exists()
    ]
