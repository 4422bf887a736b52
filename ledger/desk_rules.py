"""The numbers and the statement that hold now, with the number of their version."""

from ledger.models import RulesVersion, Statement
from ledger.rules import CHECK_NAMES, FIRST_STATEMENT, Rules


def current_rules() -> tuple[Rules, int]:
    """The rules in force, and 0 where nobody has published any."""
    version = RulesVersion.objects.order_by("-number").first()
    return (Rules.from_dict(version.rules), version.number) if version else (Rules(), 0)


def current_statement() -> tuple[str, int]:
    """The text in force, and 0 where nothing has been stated yet."""
    statement = Statement.objects.order_by("-number").first()
    return (statement.text, statement.number) if statement else (FIRST_STATEMENT, 0)


def in_words(rules: Rules) -> list[str]:
    """What these rules say, for the history."""
    limit = "no yearly limit" if rules.yearly_cap is None else f"${rules.yearly_cap} a year"
    names = [CHECK_NAMES.get(code, code) for code in sorted(rules.off)]
    off = f"Off: {'; '.join(names)}" if names else "all checks on"
    return [
        f"{rules.most_times} times in {rules.times_days} days",
        f"{rules.referral_days} days of a referral",
        f"late after {rules.late_days} days",
        f"{rules.benchmark_times} times the benchmark",
        limit,
        off,
    ]
