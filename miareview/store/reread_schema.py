"""The tables of replies that were read again, as a migration makes them; what has been released is never edited."""

REREAD = (
    """create table reread (
        judgment text not null references judgment(id),
        number integer not null check (number >= 1),
        reader text not null,
        status text not null
            check (status in ('ok', 'warning', 'partial', 'refused', 'api_error', 'empty', 'unparsed')),
        warnings text not null,
        stated_points text,
        stated_of text,
        imported_at text not null,
        primary key (judgment, number)
    ) strict""",
    "create index reread_imported on reread(imported_at)",
    """create table reread_score (
        judgment text not null,
        number integer not null,
        position integer not null,
        points text,
        sixtieths integer,
        span_start integer,
        span_end integer,
        primary key (judgment, number, position),
        foreign key (judgment, number) references reread(judgment, number)
    ) strict, without rowid""",
    # The one rule of which reading counts: the newest, else the one that the reply came in with.
    """create view judgment_read as
        select judgment.id, judgment.response, judgment.judge, judgment.repeat, judgment.raw,
            coalesce(newest.status, judgment.status) as status,
            coalesce(newest.warnings, judgment.warnings) as warnings,
            iif(newest.number is null, judgment.stated_points, newest.stated_points) as stated_points,
            iif(newest.number is null, judgment.stated_of, newest.stated_of) as stated_of,
            judgment.published_total, judgment.imported_at, judgment.harness_total,
            coalesce(newest.number, 0) as number, newest.reader
        from judgment left join reread newest on newest.judgment = judgment.id
            and newest.number = (select max(number) from reread where reread.judgment = judgment.id)""",
    """create view score_read as
        select sub_score.judgment, sub_score.position,
            iif(newest.number is null, sub_score.points, newest.points) as points,
            iif(newest.number is null, sub_score.sixtieths, newest.sixtieths) as sixtieths,
            iif(newest.number is null, sub_score.span_start, newest.span_start) as span_start,
            iif(newest.number is null, sub_score.span_end, newest.span_end) as span_end
        from sub_score left join reread_score newest on newest.judgment = sub_score.judgment
            and newest.position = sub_score.position
            and newest.number = (select max(number) from reread where reread.judgment = sub_score.judgment)""",
)
