"""Who works in the admin."""

import pytest
from django.contrib.auth.models import Permission

from tests.factories import UserFactory, publishable_guide


@pytest.fixture
def author(client, db):
    """An admin who is logged in, on `client`."""
    user = UserFactory(admin=True)
    client.force_login(user)
    return user


@pytest.fixture
def reader(client, db):
    """Staff who may see everything of the wizard and change nothing, on `client`."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="wizard", codename__startswith="view_")
    )
    client.force_login(user)
    return user


@pytest.fixture
def guide(db):
    return publishable_guide()
