"""Who may use the desk."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

View = Callable[..., HttpResponse]


def for_agents(view: View) -> View:
    """Let agents and admins in; ask others to log in, and refuse who is neither."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            # After a form is sent its answer cannot be shown again: the log-in leads to the desk.
            return redirect_to_login(
                request.path if request.method == "GET" else reverse("wizard:desk")
            )
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def agents() -> QuerySet[User]:
    """Who can take over a case, by name."""
    users = get_user_model().objects.with_perm(
        PERMISSION, backend="django.contrib.auth.backends.ModelBackend"
    )
    return users.filter(is_active=True).order_by("username")


def key_of(text: str) -> int:
    """A primary key as a form has it; 0, which is nobody's, for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


PERMISSION: Final = "wizard.use_desk"
