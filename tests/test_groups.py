"""The group Agents comes with the site, and may work at the desk and nothing else."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import AgentFactory, UserFactory

AGENTS = ("wizard", "0005_agents")
BEFORE = ("wizard", "0004_agent_desk")


def permissions():
    rows = Permission.objects.filter(group__name="Agents")
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
