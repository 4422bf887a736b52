import logging
import re

# The secret in it opens the calendar of a person without a sign-in.
SECRET_ADDRESS = re.compile(r"/calendar/[^/\s?\"']+\.ics")


class LineWithoutSecrets(logging.Formatter):
    """A line of the log, and the traceback below it, without the secret addresses of calendars.

    Django writes down the path of every answer from 400 on.
    """

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_ADDRESS.sub("/calendar/….ics", super().format(record))
