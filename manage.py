#!/usr/bin/env python3
"""Django's commands. ``up`` and ``test`` make the environment that they need first."""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# Said here, in words that an old Python can read: the modules below use what is newer.
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "PartnerCRM needs Python 3.11, 3.12 or 3.13, and this is Python "
        f"{sys.version_info[0]}.{sys.version_info[1]}."
    )


def load(name):
    """Load a module that needs the standard library alone, by its path: its package needs more."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "partnercrm" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    """Enter the environment, then do as Django does."""
    if sys.argv[1:2] in (["up"], ["test"]):
        load("embedded").make_secrets()
    load("bootstrap").enter(ROOT, sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnercrm.settings")
    management = importlib.import_module("django.core.management")
    management.execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
