"""The domain that an organisation registered: the last labels of those that it uses.

A small rule instead of the Public Suffix List, which is long and changes every week.
"""

# Under these no one but registries has names, in most countries …
EVERYWHERE = frozenset({"ac", "co", "com", "edu", "gob", "gov", "mil", "net", "org"})
# … and under these in some.
SOMEWHERE = {
    country: frozenset(labels.split())
    for country, labels in {
        "at": "gv or",
        "au": "asn id",
        "br": "adv art blog eco ind",
        "fr": "asso gouv nom prd tm",
        "id": "biz go or sch web",
        "il": "k12 muni",
        "in": "firm gen ind nic res",
        "jp": "ad ed go gr lg ne or",
        "ke": "go me ne or sc",
        "kr": "go ne or pe re",
        "nz": "geek gen govt iwi maori school",
        "th": "go in mi or",
        "tr": "av bel gen web",
        "tw": "idv",
        "tz": "go ne or",
        "uk": "ltd me nhs plc police sch",
        "za": "law nom school web",
    }.items()
}
COUNTRY = 2  # letters


def organisational(domain: str) -> str:
    """Give example.co.uk of mail.example.co.uk, as DMARC asks for (RFC 7489 section 3.2).

    *domain* is in its ASCII form, without a dot at its end.
    """
    labels = domain.lower().split(".")
    last, second = labels[-1], labels[-2] if len(labels) > 1 else ""
    is_shared = len(last) == COUNTRY and (
        second in EVERYWHERE or second in SOMEWHERE.get(last, frozenset())
    )
    return ".".join(labels[-3:] if is_shared else labels[-2:])
