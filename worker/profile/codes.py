"""The codes that a profile may use, and the sentence for one that it may not."""

from worker.countries import alpha_2_codes, alpha_3, alpha_3_codes, language_codes

#: ISO 3166-1 alpha-2 and alpha-3 codes.
ALPHA2, ALPHA3 = alpha_2_codes(), alpha_3_codes()


def wrong_country(code: str, shape: frozenset[str]) -> str | None:
    """Why `code` is not a country code of `shape` (ALPHA2 or ALPHA3), as a sentence, or None."""
    if code in shape:
        return None
    wanted = "ISO 3166-1 alpha-2" if shape is ALPHA2 else "ISO 3166-1 alpha-3"
    return f"{code!r} is not a country code ({wanted}){_instead(code.upper(), shape)}"


def wrong_jurisdiction(code: str) -> str | None:
    """Why `code` is neither `EU` nor a country code, as a sentence, or None."""
    return None if code == "EU" else wrong_country(code, ALPHA2)


def wrong_language(code: str) -> str | None:
    """Why `code` is not a language code, as a sentence, or None."""
    if code in language_codes():
        return None
    lowered = code.lower()
    hint = f"; write {lowered}." if lowered in language_codes() else ", such as az or ru."
    return f"{code!r} is not a language code (ISO 639-1){hint}"


def _instead(code: str, shape: frozenset[str]) -> str:
    three = alpha_3(code)
    meant = next((other for other in (code, three) if other in shape), None)
    if meant is None and three is not None:
        meant = next((two for two in ALPHA2 if alpha_3(two) == three), None)
    if meant is not None:
        return f"; write {meant}."
    return ", such as AZ." if shape is ALPHA2 else ", such as AZE."
