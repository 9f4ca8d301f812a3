"""What a judge's reply says: every verdict in it, in whatever form, and which of them counts.

`thoughts` are taken away, `objects` reads JSON and XML, `tables` tables, `lines` labelled lines and sentences; each
gives `record.Verdict`s with the place of every number, and `choice` says which one counts. Everything here is
pure, linear in the length of the reply, and raises nothing.
"""
