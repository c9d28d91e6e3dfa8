-- Who works here, the cards by which they are known, when they came and went, and what waited for their approval.
CREATE TABLE person (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE badge (
  uid  TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE shift (
  id     TEXT    PRIMARY KEY,
  day    TEXT    NOT NULL, -- the business day on which it began
  person TEXT    NOT NULL REFERENCES person (id),
  began  INTEGER NOT NULL,
  body   TEXT    NOT NULL
) STRICT;

CREATE INDEX shift_of_day ON shift (day, began);

CREATE TABLE approval (
  id    TEXT    PRIMARY KEY,
  open  INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  body  TEXT    NOT NULL
) STRICT;

CREATE INDEX approval_open ON approval (asked) WHERE open = 1;
