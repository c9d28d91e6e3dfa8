-- Times are Unix milliseconds, ids are UUIDv7 text. A row of a thing of the restaurant holds it whole as JSON in
-- body; the other columns are what it is found by, and what must not be in the JSON.

CREATE TABLE event (
  seq     INTEGER PRIMARY KEY,
  kind    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  session TEXT    NOT NULL,
  actor   TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  trusted INTEGER NOT NULL,
  body    TEXT    NOT NULL,
  hash    BLOB    NOT NULL
) STRICT;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'the journal is never changed');
END;

CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'nothing is removed from the journal');
END;

-- Where the journal ends, written with every commit, so that a missing last record is noticed.
CREATE TABLE journal_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL,
  hash BLOB    NOT NULL
) STRICT;

INSERT INTO journal_head (only, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE dining_table (
  id   TEXT    PRIMARY KEY,
  sort INTEGER NOT NULL,
  body TEXT    NOT NULL
) STRICT;

CREATE TABLE token (
  token    TEXT    PRIMARY KEY,
  table_id TEXT    NOT NULL REFERENCES dining_table (id),
  issued   INTEGER NOT NULL,
  body     TEXT    NOT NULL
) STRICT;

CREATE INDEX token_by_table ON token (table_id);

CREATE TABLE tag (
  uid  TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE menu (
  version INTEGER PRIMARY KEY,
  body    TEXT    NOT NULL
) STRICT;

CREATE TABLE stock (
  key  TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE session (
  id       TEXT    PRIMARY KEY,
  table_id TEXT    NOT NULL REFERENCES dining_table (id),
  open     INTEGER NOT NULL,
  opened   INTEGER NOT NULL,
  body     TEXT    NOT NULL
) STRICT;

CREATE INDEX session_open ON session (opened) WHERE open = 1;
CREATE INDEX session_open_at_table ON session (table_id, opened) WHERE open = 1;

CREATE TABLE guest (
  id       TEXT    PRIMARY KEY,
  session  TEXT    NOT NULL REFERENCES session (id),
  number   INTEGER NOT NULL,
  key_hash TEXT    NOT NULL,
  channel  TEXT    NOT NULL,
  address  TEXT    NOT NULL,
  joined   INTEGER NOT NULL,
  body     TEXT    NOT NULL
) STRICT;

CREATE INDEX guest_by_session ON guest (session, number);
CREATE INDEX guest_by_key ON guest (key_hash, joined) WHERE key_hash <> '';

CREATE TABLE placed_order (
  id      TEXT    PRIMARY KEY,
  session TEXT    NOT NULL REFERENCES session (id),
  guest   TEXT    NOT NULL,
  open    INTEGER NOT NULL,
  waits   INTEGER NOT NULL, -- for staff
  placed  INTEGER NOT NULL,
  day     TEXT    NOT NULL, -- the business day
  gross   INTEGER,          -- set when the kitchen took the order: what it comes to
  body    TEXT    NOT NULL
) STRICT;

CREATE INDEX order_of_day ON placed_order (day, gross) WHERE gross IS NOT NULL;
CREATE INDEX order_by_session ON placed_order (session, placed);
CREATE INDEX order_waiting ON placed_order (placed) WHERE waits = 1;
CREATE INDEX order_open_of_guest ON placed_order (guest) WHERE open = 1;

-- A ticket may be written before its order in the same transaction, therefore no reference.
CREATE TABLE ticket (
  id         TEXT    PRIMARY KEY,
  order_id   TEXT    NOT NULL,
  open       INTEGER NOT NULL,
  created    INTEGER NOT NULL,
  done       INTEGER, -- set while the ticket is done and not yet served
  body       TEXT    NOT NULL
) STRICT;

CREATE INDEX ticket_by_order ON ticket (order_id, created);
CREATE INDEX ticket_open ON ticket (created) WHERE open = 1;
CREATE INDEX ticket_done ON ticket (done) WHERE done IS NOT NULL;

CREATE TABLE device (
  id       TEXT    PRIMARY KEY,
  key_hash TEXT    NOT NULL,
  paired   INTEGER NOT NULL,
  body     TEXT    NOT NULL
) STRICT;

CREATE INDEX device_by_key ON device (key_hash) WHERE key_hash <> '';

CREATE TABLE day_number (
  day  TEXT    PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;

CREATE TABLE answer (
  scope  TEXT    NOT NULL,
  key    TEXT    NOT NULL,
  digest BLOB    NOT NULL,
  body   BLOB    NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader_cursor (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: the seq of a forgotten delivery is never given again.
CREATE TABLE delivery (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  lane     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  state    TEXT    NOT NULL,
  open     INTEGER NOT NULL,
  next_try INTEGER NOT NULL, -- 0: at once
  created  INTEGER NOT NULL,
  ended    INTEGER,
  body     TEXT    NOT NULL
) STRICT;

CREATE INDEX delivery_open ON delivery (lane, seq) WHERE open = 1;
CREATE INDEX delivery_ended ON delivery (ended) WHERE open = 0;

CREATE TABLE card (
  lane    TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  ref     TEXT    NOT NULL,
  put     INTEGER NOT NULL,
  PRIMARY KEY (lane, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE platform_update (
  arrival  INTEGER PRIMARY KEY,
  source   TEXT    NOT NULL,
  id       TEXT    NOT NULL,
  raw      BLOB    NOT NULL,
  received INTEGER NOT NULL,
  expires  INTEGER, -- NULL: it makes sense at any time
  outcome  TEXT    NOT NULL,
  UNIQUE (source, id)
) STRICT;

CREATE INDEX platform_update_pending ON platform_update (arrival) WHERE outcome = '';
CREATE INDEX platform_update_by_age ON platform_update (received);
