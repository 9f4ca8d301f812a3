"""Judging through a Batch API: questions into files and batches, answers out of them. Resumable at every point.

A batch is first a file on this disk, then a row with its requests, then a file and a batch at the service, whose ids
are written down when they are known. The batch carries our own id, and the file our name, so that what was made just
before this process died is found again.
"""
