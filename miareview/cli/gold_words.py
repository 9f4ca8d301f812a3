"""What the sources of gold labels mean, for all commands that name them."""

SOURCES = {
    "settled": "somebody settled it",
    "unanimous": "two or more reviewers say the same, blind",
    "single": "one reviewer, blind",
    "disputed": "reviewers differ and nobody settled it",
    "assisted": "scored only with the judge's score in sight",
    "none": "no verdict",
}
