-- How fast orders of a channel may come in.
CREATE TABLE pace (
  channel TEXT PRIMARY KEY,
  body    TEXT NOT NULL
) STRICT;

-- What is measured of each ticket that left the kitchen, and the words it is looked for by. It is written when a ticket
-- is done, never on the way of an order.
CREATE TABLE ticket_time (
  day      TEXT    NOT NULL,
  ticket   TEXT    NOT NULL,
  station  TEXT    NOT NULL,
  dining   TEXT    NOT NULL,
  expected INTEGER NOT NULL, -- seconds, 0: nothing was foreseen
  since    INTEGER NOT NULL,
  seen     INTEGER,
  started  INTEGER,
  done     INTEGER,          -- NULL: served without having been bumped
  words    TEXT    NOT NULL,
  PRIMARY KEY (day, ticket)
) STRICT, WITHOUT ROWID;
