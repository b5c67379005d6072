"""The groups Authors, Publishers and Viewers, and the permission to publish."""

from django.db import migrations

DRAFT = ("question", "answer", "outcome", "remediationstep", "code", "translation")
READ = (
    ("wizard", "guide", "view"),
    *(("wizard", model, "view") for model in DRAFT),
    ("wizard", "publication", "view"),
    ("wizard", "scheduledpublication", "view"),
    ("wizard", "unknowncode", "view"),
    ("wizard", "flag", "view"),
    ("auditlog", "logentry", "view"),
)
# A replay shows cases.
REPLAY = (("wizard", "case", "view"), ("wizard", "caseevent", "view"))
EDIT = (
    ("wizard", "guide", "add"),
    ("wizard", "guide", "change"),
    *(("wizard", model, action) for model in DRAFT for action in ("add", "change", "delete")),
    ("wizard", "unknowncode", "change"),
    ("wizard", "flag", "change"),
)
GROUPS = {
    "Authors": READ + REPLAY + EDIT,
    "Publishers": (*READ, *REPLAY, ("wizard", "guide", "publish")),
    "Viewers": READ,
}
NAMES = {("guide", "publish"): "Can publish guides", ("logentry", "view"): "Can view log entry"}


def make(apps, schema_editor):
    """The permissions are made here too: Django makes them only after all migrations."""
    database = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(database)
    for name, permissions in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(_permission(apps, database, *one) for one in permissions))


def _permission(apps, database, app_label, model, action):
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(database)
    content_type, _ = content_types.get_or_create(app_label=app_label, model=model)
    try:
        verbose_name = apps.get_model(app_label, model)._meta.verbose_name
    except LookupError:
        verbose_name = model
    name = NAMES.get((model, action), f"Can {action} {verbose_name}")
    permission, _ = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        codename=f"{action}_{model}", content_type=content_type, defaults={"name": name}
    )
    return permission


class Migration(migrations.Migration):
    dependencies = [
        ("wizard", "0007_translations"),
        ("auditlog", "0017_add_actor_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="guide",
            options={
                "ordering": ("order", "title"),
                "permissions": [("publish_guide", "Can publish guides")],
                "verbose_name": "guide",
                "verbose_name_plural": "guides",
            },
        ),
        # The groups stay on the way back: people may be in them.
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
