"""How severe an alert is: what its rule says, and one step more where its burst got worse."""

#: From the least to the most severe.
SEVERITIES = ("info", "warning", "critical")


def more_severe(one: str, other: str) -> str:
    """The more severe of two severities."""
    return max(one, other, key=SEVERITIES.index)


def exceeds(one: str, other: str) -> bool:
    """Whether the first is more severe than the second."""
    return SEVERITIES.index(one) > SEVERITIES.index(other)


def raised(severity: str) -> str:
    """One step more severe; critical stays critical."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]
