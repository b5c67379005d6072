"""Synonyms of questions and outcomes, and the searches that found nothing."""

import django.utils.timezone
import wizard.models.fields
from django.db import migrations, models


GROUPS = {
    "Authors": ("view", "change"),
    "Publishers": ("view",),
    "Viewers": ("view",),
}


def allow(apps, schema_editor):
    """The permissions are made here too: Django makes them only after all migrations."""
    database = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(database)
    for name, actions in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(_permission(apps, database, action) for action in actions))


def _permission(apps, database, action):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.using(
        database
    ).get_or_create(app_label="wizard", model="unansweredsearch")
    permission, _ = apps.get_model("auth", "Permission").objects.using(database).get_or_create(
        codename=f"{action}_unansweredsearch",
        content_type=content_type,
        defaults={"name": f"Can {action} unanswered search"},
    )
    return permission


class Migration(migrations.Migration):

    dependencies = [
        ('wizard', '0010_whole_keys'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnansweredSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=120, unique=True, verbose_name='words')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='times asked for')),
                ('first_seen', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first asked for')),
                ('last_seen', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last asked for')),
                ('settled', models.BooleanField(default=False, help_text='Added to what people also say, or nothing that a guide is about.', verbose_name='settled')),
            ],
            options={
                'verbose_name': 'unanswered search',
                'verbose_name_plural': 'unanswered searches',
                'ordering': ('settled', '-times', 'words'),
            },
        ),
        migrations.AddField(
            model_name='outcome',
            name='synonyms',
            field=wizard.models.fields.LinesField(blank=True, help_text='Words and phrases by which people look for this and which its texts lack, one a line: no battery. Only the search reads them.', verbose_name='people also say'),
        ),
        migrations.AddField(
            model_name='question',
            name='synonyms',
            field=wizard.models.fields.LinesField(blank=True, help_text='Words and phrases by which people look for this and which its texts lack, one a line: no battery. Only the search reads them.', verbose_name='people also say'),
        ),
        # The groups stay on the way back: people may be in them.
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
