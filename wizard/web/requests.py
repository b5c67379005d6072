"""What requests have that Django's own class does not promise. For annotations: none is made.

The middleware and the guards of the views put it there, so a view names the class that its guard or
the site's middleware makes true.
"""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """Any request of the site: its middleware has seen whether htmx asks."""

    htmx: HtmxDetails


class UserRequest(HtmxRequest):
    """A request of somebody who has logged in: the desk and the admin let nobody else come."""

    user: User
