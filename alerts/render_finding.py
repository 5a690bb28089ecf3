"""A finding's numbers as a person says them (pure)."""

import math

from alerts.episode import Episode
from alerts.finding import Finding
from alerts.render_words import (
    counted,
    counts_in_words,
    decimal,
    duration_in_words,
    noun_of,
    plural,
)

#: The codebook's scale of events.
LADDER = {
    0: "none, or cooperation",
    1: "words",
    2: "a formal or limited measure",
    3: "raids, arrests, expulsions or strikes on assets",
    4: "deaths or a military clash",
}


def seen_in_words(finding: Finding, limit: int | None) -> str:
    """`9 stories by 5 newsrooms in 2 h, 0.4 expected (limit 3)`; where there is too little,
    `only 2 stories by 1 newsroom in 24 h, 14 expected (limit 5)`."""
    window = duration_in_words(finding.window)
    if finding.below and finding.count == 0:
        said = f"no {finding.unit} in {window}"
    else:
        said = f"{'only ' if finding.below else ''}{counts_in_words(finding)} in {window}"
    if finding.expected is not None:
        said += f", {decimal(finding.expected)} expected"
    bound = limit_of(finding, limit)
    return said + (f" (limit {bound:,})" if bound is not None else "")


def limit_of(finding: Finding, limit: int | None) -> int | None:
    """The count that the finding was measured against; `limit` for kinds whose finding has none.

    The least that would have fired, of a silence the most.
    """
    if finding.upper is None:
        return limit
    return math.floor(finding.upper) if finding.below else math.ceil(finding.upper)


def limit_in_words(finding: Finding, limit: int | None) -> str | None:
    """`3 or more raise an alert`, `5 or fewer raise an alert`; None where there is no limit."""
    bound = limit_of(finding, limit)
    if bound is None:
        return None
    return f"{bound:,} or {'fewer' if finding.below else 'more'} raise an alert"


def usual_in_words(finding: Finding) -> str | None:
    """`0 to 3 stories in 9 of 10 such windows`; None where nothing is known of what is usual."""
    if finding.usual is None:
        return None
    least, most = finding.usual
    if least == most:
        return f"{counted(most, _noun(finding))} in 9 of 10 such windows"
    return f"{least:,} to {most:,} {plural(_noun(finding))} in 9 of 10 such windows"


def remainder_in_words(finding: Finding, limit: int | None) -> str:
    """Whether it fires without its largest newsroom: `yes (left: 6, limit 3)`."""
    answer = "yes" if finding.without_largest else "no"
    if finding.left is None:
        return answer
    bound = limit_of(finding, limit)
    told = f"left: {finding.left:,}" + (f", limit {bound:,}" if bound is not None else "")
    return f"{answer} ({told})"


def ladder_in_words(finding: Finding) -> str | None:
    """`up to 4 of 4: deaths or a military clash`; None where no events were counted."""
    if finding.ladder is None or finding.ladder not in LADDER:
        return None
    return f"up to {finding.ladder} of {max(LADDER)}: {LADDER[finding.ladder]}"


def expected_and_seen(finding: Finding, limit: int | None) -> str | None:
    """`0.4 stories expected in 2 h, 9 seen; 3 or more raise an alert`."""
    if finding.expected is None:
        return None
    window = duration_in_words(finding.window)
    expected, noun = decimal(finding.expected), _noun(finding)
    said = f"{expected} {noun if expected == '1' else plural(noun)} expected in {window}"
    said += f", {finding.count:,} seen"
    bound = limit_in_words(finding, limit)
    return f"{said}; {bound}" if bound else said


def peak_in_words(episode: Episode) -> str:
    """`9 stories`: the most that its rule has counted. Of how many stories those accounts were is
    known of what it counts now alone."""
    last, peak = episode.last, episode.peak_count
    stories = last.stories if peak == last.count else -1
    return counted(peak, noun_of(last.unit, peak, stories))


def _noun(finding: Finding) -> str:
    return noun_of(finding.unit, finding.count, finding.stories)
