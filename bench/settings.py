"""The settings of a server, with one page more: the least that a signed-in page can cost."""

import os
from pathlib import Path

from partnercrm.settings import *  # noqa: F403
from partnercrm.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
MIDDLEWARE = ["bench.pages.CountQueries", *MIDDLEWARE]
ROOT_URLCONF = "bench.urls"
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
# Hashed names, as on a server; compressing the files would only take time.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
LOGGING = {"version": 1, "disable_existing_loggers": False}
