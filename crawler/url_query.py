"""Which parameters of an address never change the article that it shows (pure).

Beside click identifiers and campaigns: sessions, and flags that ask for the same page in another
dress (print, AMP, mobile). A name that some site uses for its articles' numbers is not here,
however often others track with it; where the value gives it away (`from=rss`), the value decides.
"""

import re

_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "at_", "hsa_", "ns_", "_hs", "amp_", "_branch_",
    "__cf_chl_", "gad_", "guce_", "roistat", "aspsessionid", "elqtrack",
)  # fmt: skip
# fmt: off
_NAMES = frozenset({
    # click identifiers
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "ysclid", "ymclid",
    "msclkid", "twclid", "ttclid", "li_fat_id", "igshid", "igsh", "epik", "srsltid", "rb_clickid",
    "rdt_cid", "sccid", "mibextid", "wickedid", "vgo_ee", "etext", "yrwinfo",
    # campaigns and referrers
    "s_kwcid", "s_cid", "mc_cid", "mc_eid", "mkt_tok", "_openstat", "openstat", "_ga", "_gl",
    "cmpid", "ocid", "xtor", "maca", "wt_mc", "wt_zmc", "vero_id", "oly_enc_id",
    "oly_anon_id", "traffic_source", "__twitter_impression", "ref_src", "ref_url", "hsctatracking",
    "fb_action_ids", "fb_action_types", "fb_source", "action_object_map", "action_type_map",
    "action_ref_map", "smid", "smtyp", "wpisrc", "guccounter", ".tsrc", "__source", "dm_i",
    "bxid", "cndid", "ftag", "int_source", "int_medium", "int_campaign",
    # AMP
    "amp", "_amp", "isamp", "is_amp", "outputtype", "usqp",
    # sessions
    "phpsessid", "jsessionid", "cftoken",
})
_FLAGS = frozenset({"print", "printable", "print_version", "printversion", "mobile", "nomobile"})
_ON = frozenset({"", "1", "y", "yes", "true", "on"})
_REFERRERS = frozenset({"from", "ref", "referer", "referrer", "source", "src", "partner"})
_CHANNELS = frozenset({
    "rss", "feed", "rssfeed", "atom", "sitemap", "amp", "push", "newsletter", "email", "share",
    "twitter", "facebook", "fb", "telegram", "tg", "vk", "vkontakte", "whatsapp", "instagram",
    "google", "googlenews", "google_news", "yandex", "yandexnews", "yandex_news", "dzen", "zen",
})
# fmt: on
_DRESSES = frozenset({"view", "mode", "format", "type", "output", "version", "device"})
_DRESSED = frozenset({"amp", "print", "mobile"})
_SESSIONS = frozenset({"sid", "s", "session", "sessionid", "session_id"})
_HASH = re.compile(r"[0-9a-f]{26,64}", re.IGNORECASE)


def changes_nothing(name: str, value: str) -> bool:
    """Whether this parameter can be left out."""
    name, value = name.lower(), value.lower()
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name in _FLAGS:
        return value in _ON
    if name in _REFERRERS:
        return value in _CHANNELS
    if name in _DRESSES:
        return value in _DRESSED
    # A session's key, and not the number of a story or of a parliament's session.
    return name in _SESSIONS and _HASH.fullmatch(value) is not None
