"""The WSGI application that the server calls: what is kept in memory, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smsdoctor.settings")

django = get_wsgi_application()

from wizard.published.live import live  # noqa: E402  Django is ready only now
from wizard.web.kept import KeptResponses  # noqa: E402

application = KeptResponses(django, version=lambda: live.version)
