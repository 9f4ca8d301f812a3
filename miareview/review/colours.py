"""Demands that no colour be named, where colours in general are meant and not those of one thing."""

from __future__ import annotations

import re

from miareview.review.counts import Part

# "without mentioning (any | specific | the) colours", "without using colour-related words", and nothing after it.
_IN_GENERAL = re.compile(
    r"\bwithout\s+(?:mentioning|naming|using|stating)\s+(?:any\s+|specific\s+|the\s+(?:specific\s+)?)?colou?rs?"
    r"(?:[ -]related)?(?:\s+(?:words?|terms?|names?))?\W*$|\bor\s+any\s+colou?r\s+(?:words?|terms?|names?)\W*$",
    re.I,
)
_OF_ONE_THING = re.compile(r"\bwithout\s+(?:\w+\s+){0,2}(?:mentioning|naming|using)\b[^,;]{0,25}\bcolou?rs?\b", re.I)
# Words that name a colour, or may.
_NAMES = (
    r"(?:red|orange|yellow|green|blue|purple|violet|pink|brown|black|white|gr[ae]y|gold(?:en)?|silver|beige|teal"
    r"|turquoise|crimson|scarlet|maroon|navy|indigo|magenta|cyan|lavender|ivory|tan|amber|aqua(?:marine)?|azure|bronze"
    r"|burgundy|charcoal|chestnut|cobalt|copper|coral|cream|ebony|emerald|fuchsia|ginger|hazel|jade|khaki|lilac|lime"
    r"|mahogany|mauve|mint|mustard|ochre|ocher|olive|peach|pearl|plum|rose|rosy|ruby|russet|rust|saffron|salmon"
    r"|sapphire|sepia|sienna|slate|taupe|tawny|terracotta|ultramarine|umber|vermilion|wine|blond[e]?|auburn|brunette"
    r"|rainbow|monochrom\w*|pastel\w*|neon|multicolou?red)(?:ish|y|s|ed|ing|en)?"
)
_ANY = re.compile(rf"\b{_NAMES}\b|\b\w*colou?r\w*\b|\b(?:hue|tint|tinge|shade)(?:s|d)?\b", re.I)
# Words that name a colour and nothing else. Others do after a word that says how bright it is.
_SURE = re.compile(
    r"\b(?:yellow(?!\s+(?:fever|pages?|cards?|press|journalism|jersey))|turquoise|crimson|scarlet|maroon|magenta|beige"
    r"|purple(?!\s+(?:prose|patch|heart))|(?<!the\s)(?<!tickled\s)pink(?!\s+slips?)|(?:redd|yellow|green|blu|brown|purpl|pink)ish"
    r"|(?:bright|dark|light|pale|vivid|deep)\s+(?:red|blue|green|yellow|orange|purple|pink|brown))\b"
)


def check(component: str, response: str) -> list[Part]:
    """Whether the response names a colour, where the component forbids it. Both texts have straight quotes.

    Met where no word of a long list stands in the response, not met where a word does that can mean nothing else:
    "orange" may be a fruit, and "Red Square" a place. Colours of one thing ("the color of their clothing") are for
    people to find.
    """
    general = _IN_GENERAL.search(component)
    if not general and not _OF_ONE_THING.search(component):
        return []
    named = list(dict.fromkeys(match.group().lower() for match in _ANY.finditer(response)))
    verdict: bool | None = None
    if general:
        said = re.sub(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)", "", response)
        verdict = False if _SURE.search(said) else None if named else True
    found = ", ".join(named[:5]) + (" …" if len(named) > 5 else "")
    if named and verdict is None:
        found += "?"
    return [Part("no colours", found or "none of the usual ones", verdict)]
