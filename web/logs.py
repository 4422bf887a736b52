import logging
import re

# What follows opens somebody's calendar, or does a step from a mail, without a sign-in.
SECRET_ADDRESS = re.compile(r"(/calendar/|/digest/\w+/)[^/\s?\"']+?(?=\.ics|[/\s?\"']|$)")


class LineWithoutSecrets(logging.Formatter):
    """A line of the log, and the traceback below it, without the secrets of addresses.

    Django writes down the path of every answer from 400 on.
    """

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_ADDRESS.sub(r"\1…", super().format(record))
