"""Loads the lexicon of a chain of profiles: a nearer file stands in for the inherited one."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from worker.classify.lexicon import Lexicon, load_lexicon
from worker.profile.faults import Remark
from worker.profile.yaml_lines import ProfileError


def load_merged_lexicon(directories: tuple[Path, ...], dyad: tuple[str, str]) -> Lexicon:
    """The lexicon of these directories, the nearest first; a fault names the real file."""
    if len(directories) == 1:
        return load_lexicon(directories[0], dyad)
    with TemporaryDirectory(prefix="dyadwatch-lexicon-") as temporary:
        merged = Path(temporary).resolve()
        for directory in reversed(directories):
            _lay_over(directory, merged)
        try:
            return load_lexicon(merged, dyad)
        except ProfileError as fault:
            raise ProfileError(
                fault.sentence, fault.path.resolve(), fault.line, fault.key
            ) from None


def remarks_on(lexicon: Lexicon, languages: Iterable[str], where: Path) -> list[Remark]:
    """Empty cells: concepts that a language of the profile has no term for."""
    counts = lexicon.counts()
    remarks = []
    for language in languages:
        cells = counts.get(language)
        if cells is None:
            remarks.append(Remark(f"the lexicon has no file for the language {language}.", where))
            continue
        empty = sorted(concept for concept, terms in cells.items() if terms == 0)
        if empty:
            remarks.append(
                Remark(
                    f"{language} has no term for {len(empty)} of {len(cells)} concepts: "
                    f"{', '.join(empty)}.",
                    where,
                )
            )
    return remarks


def _lay_over(directory: Path, merged: Path) -> None:
    for path in sorted(directory.rglob("*.yaml")):
        link = merged / path.relative_to(directory)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(path.resolve())
