"""What this product has no place for, whether as a column of a file or as a tag."""

import re

# What this product never holds, whatever a file calls it: letters and digits of the header alone.
REFUSED = frozenset(
    {
        "age",
        "agerange",
        "children",
        "color",
        "colour",
        "creed",
        "disability",
        "disabled",
        "ethnicity",
        "ethnicorigin",
        "familialstatus",
        "familystatus",
        "gender",
        "governmentidnumber",
        "handicap",
        "maritalstatus",
        "married",
        "nationalorigin",
        "nationality",
        "numberofchildren",
        "partnername",
        "pregnant",
        "race",
        "racialgroup",
        "religion",
        "sex",
        "sexualorientation",
        "skincolor",
        "skincolour",
        "socialsecurity",
        "socialsecuritynumber",
        "spouse",
        "spousename",
        "ssn",
        "weddinganniversary",
    }
)


def is_refused(name: str) -> bool:
    """Tell whether a column or a tag of this name holds what fair-lending law keeps out."""
    return re.sub(r"[^a-z0-9]", "", name.lower()) in REFUSED
