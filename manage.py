#!/usr/bin/env python
"""Django's command line."""

import os
import sys

if sys.version_info < (3, 13):
    sys.exit("This needs Python 3.13 or newer; `make demo` and `make test` fetch it by themselves.")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
