"""The groups come with the site, by migrations: Agents, Authors, Publishers, Viewers."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import AgentFactory, UserFactory
from wizard.authoring import audit

AGENTS = ("wizard", "0005_agents")
BEFORE = ("wizard", "0004_agent_desk")


ROLES = ("wizard", "0008_roles")
BEFORE_ROLES = ("wizard", "0007_translations")


def permissions(group="Agents"):
    rows = Permission.objects.filter(group__name=group)
    return list(rows.values_list("content_type__app_label", "codename"))


@pytest.mark.django_db
def test_the_group_is_there_with_the_desk_and_nothing_else():
    assert permissions() == [("wizard", "use_desk")]


@pytest.mark.django_db
def test_an_agent_may_work_at_the_desk_and_is_no_author():
    agent = AgentFactory()
    assert agent.get_all_permissions() == {"wizard.use_desk"}
    assert not agent.is_staff
    assert not UserFactory().has_perm("wizard.use_desk")


@pytest.fixture
def newest():
    """Whatever a test leaves behind, the others find the newest tables."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrated_to(*nodes):
    MigrationExecutor(connection).migrate(list(nodes))


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_reversed_and_run_again(newest):
    AgentFactory()
    migrated_to(BEFORE)
    # Who is in the group stays in it.
    assert Group.objects.get(name="Agents").user_set.count() == 1
    migrated_to(AGENTS)
    assert permissions() == [("wizard", "use_desk")]
    Group.objects.all().delete()
    Permission.objects.filter(codename="use_desk").delete()
    migrated_to(BEFORE)
    migrated_to(AGENTS)
    assert permissions() == [("wizard", "use_desk")]


@pytest.mark.django_db
def test_authors_change_what_a_draft_consists_of_and_do_not_publish():
    names = {name for _app, name in permissions("Authors")}
    parts = {model._meta.model_name for model in audit.DRAFT}
    assert {f"change_{part}" for part in parts} <= names
    assert "publish_guide" not in names


@pytest.mark.django_db
@pytest.mark.parametrize(("group", "more"), [("Viewers", set()), ("Publishers", {"publish_guide"})])
def test_viewers_and_publishers_change_nothing(group, more):
    names = {name for _app, name in permissions(group)}
    assert {name for name in names if not name.startswith("view_")} == more
    assert "view_logentry" in names


@pytest.mark.django_db(transaction=True)
def test_the_roles_can_be_taken_back_and_made_again_with_people_in_them(newest):
    if not Group.objects.filter(name="Authors").exists():
        migrated_to(BEFORE_ROLES)
        migrated_to(ROLES)
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Authors"))
    before = permissions("Authors")
    migrated_to(BEFORE_ROLES)
    migrated_to(ROLES)
    assert user.groups.get().name == "Authors"
    assert sorted(permissions("Authors")) == sorted(before)
