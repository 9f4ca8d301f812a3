"""From the rows of a file to stored facts.

`ingest` goes through a file: `matching` says which item a row is of, `readings` make judgments of replies, `joining`
finds the whole answer that a cut or emptied one is the rest of.
"""
