"""The tables that lists are read from, as a migration makes them; what has been released is never edited."""

BROWSE = (
    "create table browse_state (key text primary key, value text not null) strict, without rowid",
    """create table browse_row (
            id integer primary key,
            response text not null unique references response(id),
            item text not null,
            benchmark text not null,
            number integer not null,
            model text not null,
            difficulty text not null,
            status text not null,
            words integer not null,
            body text not null,
            weight integer not null,
            judge real,
            people real,
            delta real,
            judge_share real,
            people_share real,
            reviewers integer not null,
            gold text not null,
            read text,
            why integer not null,
            reply text
        ) strict""",
    "create index browse_row_number on browse_row(benchmark, number)",
    "create index browse_row_model on browse_row(benchmark, model, number)",
    "create index browse_row_words on browse_row(benchmark, words)",
    "create index browse_row_judge on browse_row(benchmark, judge_share)",
    "create index browse_row_people on browse_row(benchmark, people_share)",
    "create index browse_row_delta on browse_row(benchmark, abs(delta))",
    "create index browse_row_body on browse_row(item, body)",
    """create table browse_part (
            row integer not null references browse_row(id) on delete cascade,
            position integer not null,
            category text not null,
            weight integer not null,
            judge real,
            people real,
            delta real,
            judge_share real,
            people_share real,
            gold text not null,
            why integer not null,
            primary key (row, position)
        ) strict, without rowid""",
    """create table browse_view (
            name text primary key,
            unit text not null,
            filter text not null,
            sort text not null,
            made text not null,
            by text not null
        ) strict""",
    "create virtual table browse_text using fts5(response, content='', tokenize='unicode61 remove_diacritics 2')",
    "create virtual table browse_reply using fts5(reply, content='', tokenize='unicode61 remove_diacritics 2')",
    "create virtual table browse_instruction using"
    " fts5(instruction, content='', tokenize='unicode61 remove_diacritics 2')",
)

# Lists are found in columns: what was indexed to find rows is not needed any more.
COLUMNS = (
    """create table browse_column (
            name text not null,
            piece integer not null,
            data blob not null,
            primary key (name, piece)
        ) strict""",
    """create table browse_value (
            name text not null,
            code integer not null,
            value text not null,
            primary key (name, code)
        ) strict, without rowid""",
    "drop index browse_row_number",
    "drop index browse_row_words",
    "drop index browse_row_judge",
    "drop index browse_row_people",
    "drop index browse_row_delta",
)
