"""The tables of people and gold, as a migration makes them; what has been released is never edited."""

GOLD = (
    "drop index event_gold",
    "create index event_settle on event(response, component) where kind = 'settle'",
    """create table reviewer (
        name text primary key,
        key text not null,
        person text not null
    ) strict, without rowid""",
    "create index reviewer_key on reviewer(key)",
    "create index reviewer_person on reviewer(person)",
    """create table label (
        response text not null references response(id),
        position integer not null,
        ruling text not null check (ruling in ('settled', 'kept', 'again')),
        points text,
        ungradable text,
        by text not null,
        at text not null,
        guideline text not null,
        rule integer,
        judge_seen integer not null,
        own integer not null,
        seconds real,
        note text not null,
        event text not null references event(id),
        primary key (response, position)
    ) strict, without rowid""",
    """create table guideline (
        number integer primary key,
        version text not null unique,
        text text not null,
        by text not null,
        at text not null,
        current integer not null,
        event text not null references event(id)
    ) strict""",
    """create table rule (
        number integer primary key,
        text text not null,
        by text not null,
        at text not null,
        guideline text not null,
        event text not null references event(id)
    ) strict""",
    """create table split_item (
        item text primary key references item(id),
        split text not null,
        event text not null references event(id)
    ) strict, without rowid""",
    """create table category_label (
        item text not null references item(id),
        position integer not null,
        category text not null,
        by text not null,
        at text not null,
        event text not null references event(id),
        primary key (item, position)
    ) strict, without rowid""",
)
