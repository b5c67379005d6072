"""The group Agents: whoever is in it may work at the desk."""

from django.db import migrations


def make(apps, schema_editor):
    """The permission is made here too: Django makes it only after all migrations."""
    database = schema_editor.connection.alias
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.using(
        database
    ).get_or_create(app_label="wizard", model="case")
    permission, _ = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        codename="use_desk",
        content_type=content_type,
        defaults={"name": "Can work at the agent desk"},
    )
    group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name="Agents")
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("wizard", "0004_agent_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        # The group stays on the way back: people may be in it.
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
