"""Settings of `make dev`: the site for who works on it, with pages that load again by themselves.

The site itself knows nothing of this and needs none of it.
"""

import os

os.environ.setdefault("DEBUG", "1")

from smsdoctor.settings import *  # noqa: F403
from smsdoctor.settings import INSTALLED_APPS, MIDDLEWARE

# Its script, worker and events come from the site, so that the Content-Security-Policy stays.
INSTALLED_APPS = [*INSTALLED_APPS, "django_browser_reload"]
MIDDLEWARE = [*MIDDLEWARE, "django_browser_reload.middleware.BrowserReloadMiddleware"]
ROOT_URLCONF = "smsdoctor.development_urls"
WSGI_APPLICATION = "smsdoctor.development_wsgi.application"
# A page that is kept would not show what a template says now.
KEPT_BYTES = 0
