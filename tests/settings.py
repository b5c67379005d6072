"""The site's settings with what tests need: a key, plain HTTP, quick hashes, no thread."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "a key for tests alone, long enough for the checks of Django")
os.environ["HTTPS"] = "0"
os.environ["PUBLICATION_POLL_SECONDS"] = "0"
os.environ["WATCH_SECONDS"] = "0"
os.environ["LOOKUP_THREADS"] = "0"
os.environ.setdefault("DELIVERY_POLL_SECONDS", "0")  # a test of the server has its own
# Nobody is a client of so many tests but the tests; those of the limits set their own.
os.environ["CASES_PER_MINUTE"] = os.environ["ANSWERS_PER_MINUTE"] = "100000"
os.environ["LOGINS_PER_MINUTE"] = "100000"

from smsdoctor.settings import *  # noqa: F403
from smsdoctor.settings import BASE_DIR, DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
# WhiteNoise looks at a folder that exists on a machine where nothing was collected.
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_DIRS = []

# In memory, threads of a browser's requests would refuse each other's tables instead of waiting.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    _folder = tempfile.mkdtemp(prefix="smsdoctor-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/db.sqlite3"}
