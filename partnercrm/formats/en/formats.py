"""Dates and times as people in the US write them."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "n/j/Y"
MONTH_DAY_FORMAT = "F j"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "M j, Y, g:i A"
SHORT_DATETIME_FORMAT = "n/j/Y g:i A"
THOUSAND_SEPARATOR = ","
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]
