PRAGMA foreign_keys = off;
PRAGMA application_id = 1668113505;
PRAGMA user_version = 3;
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
CREATE TABLE journal_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL,
  hash BLOB    NOT NULL
) STRICT;
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
CREATE TABLE pace (
  channel TEXT PRIMARY KEY,
  body    TEXT NOT NULL
) STRICT;
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
INSERT INTO event VALUES (1, 'table.added', '01a1fa91-98c8-7490-8f04-647657f8d248', '', 'system', 1777896000000, 1, '{"id":"01a1fa91-98c8-7490-8f04-647657f8d248","name":"1","kind":"table","sort":1}', X'6B492E6F337AA30C46C06435ED1BE6986031CC448BBDD16EFF9F6722B6E2DAA5');
INSERT INTO event VALUES (2, 'table.added', '01a1fa91-98c8-75bf-848f-ad55e8cabd19', '', 'system', 1777896000000, 1, '{"id":"01a1fa91-98c8-75bf-848f-ad55e8cabd19","name":"2","kind":"table","sort":2}', X'6953C1A8D602159D305B7C71A4EE9FB8E2FB34FB827F684488FB92B75E0640E7');
INSERT INTO event VALUES (3, 'menu.published', 'menu', '', 'system', 1777896000000, 1, '{"version":1,"sha256":"9077092d7d99ed34bd5e9227ba8aaa04bc075de63acb6a131c7ff6ed5fb512eb"}', X'7A5EC4373D723EFAFA8DCB73C2A4EEE65580AD5313C4EF75D8EA311AEA3295FB');
INSERT INTO event VALUES (4, 'session.opened', '01a1fa91-98d3-7d55-9550-46804bde4d7f', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 'system', 1777896000000, 1, '{"id":"01a1fa91-98d3-7d55-9550-46804bde4d7f","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","table":"1","kind":"table","business_day":"2026-05-04","state":"open","presence":"proven","opened":"2026-05-04T12:00:00Z","active":"2026-05-04T12:00:00Z","rounds":0}', X'B3ECFB92C9741459E583FB5E178193E6F41D1AAF7D9259E8331DE038CD5CFDA0');
INSERT INTO event VALUES (5, 'session.joined', '01a1fa91-98d3-7d55-9550-46804bde4d7f', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 'system', 1777896000000, 1, '{"guest":"01a1fa91-98d4-7841-b400-0b42f727afd4","number":1,"presence":"proven"}', X'90DE1A9E83F08FE389F8DDD75CBDB4BE34C356551E76896E8448E24335228962');
INSERT INTO event VALUES (6, 'order.placed', '01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 'guest:01a1fa91-98d4-7841-b400-0b42f727afd4', 1777896000000, 1, '{"id":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","session":"01a1fa91-98d3-7d55-9550-46804bde4d7f","guest":"01a1fa91-98d4-7841-b400-0b42f727afd4","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","table":"1","business_day":"2026-05-04","number":"1","seat":1,"round":1,"state":"accepted","channel":"web","dining":"eat_in","presence":"proven","menu_version":1,"lines":[{"item":"item0","name":{"en":"Dish number 0"},"kitchen_name":"Dish number 0","quantity":1,"unit":500,"gross":500,"tax":"food","rate":"19","stations":["kitchen"]},{"item":"item1","name":{"en":"Dish number 1"},"kitchen_name":"Dish number 1","quantity":1,"unit":501,"gross":501,"tax":"food","rate":"19","stations":["bar"]},{"item":"item2","name":{"en":"Dish number 2"},"kitchen_name":"Dish number 2","quantity":1,"unit":502,"gross":502,"tax":"food","rate":"19","stations":["kitchen"]},{"item":"item3","name":{"en":"Dish number 3"},"kitchen_name":"Dish number 3","quantity":1,"unit":503,"gross":503,"tax":"food","rate":"19","stations":["bar"]}],"totals":{"currency":"EUR","gross":2006,"tax":320,"rates":[{"rate":"19","net":1686,"tax":320,"gross":2006}]},"placed":"2026-05-04T12:00:00Z","accepted":"2026-05-04T12:00:00Z","tickets":["01a1fa91-98d5-7b38-81d0-97d18f12874c","01a1fa91-98d5-7b40-9496-93a28d5a9cb1"],"waiting":2}', X'56137928E69F780421F8A41306E17648ABEC83A5FB8BB0DB982695A62B032AEB');
INSERT INTO event VALUES (7, 'ticket.created', '01a1fa91-98d5-7b38-81d0-97d18f12874c', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 'guest:01a1fa91-98d4-7841-b400-0b42f727afd4', 1777896000000, 1, '{"order":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","kind":"food","station":"kitchen","items":[{"line":0,"quantity":1},{"line":2,"quantity":1}]}', X'1A537A31BF4D77E40D91A97345002DE1CF04BCAC139CE53945E07AED633406AD');
INSERT INTO event VALUES (8, 'ticket.created', '01a1fa91-98d5-7b40-9496-93a28d5a9cb1', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 'guest:01a1fa91-98d4-7841-b400-0b42f727afd4', 1777896000000, 1, '{"order":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","kind":"food","station":"bar","items":[{"line":1,"quantity":1},{"line":3,"quantity":1}]}', X'253AAD0AC81ED1815F87F792A8005635AC3CCC1D50C98A7070838E0960D9B9C2');
INSERT INTO journal_head VALUES (1, 8, X'253AAD0AC81ED1815F87F792A8005635AC3CCC1D50C98A7070838E0960D9B9C2');
INSERT INTO dining_table VALUES ('01a1fa91-98c8-7490-8f04-647657f8d248', 1, '{"id":"01a1fa91-98c8-7490-8f04-647657f8d248","name":"1","kind":"table","sort":1}');
INSERT INTO dining_table VALUES ('01a1fa91-98c8-75bf-848f-ad55e8cabd19', 2, '{"id":"01a1fa91-98c8-75bf-848f-ad55e8cabd19","name":"2","kind":"table","sort":2}');
INSERT INTO token VALUES ('word', '01a1fa91-98c8-7490-8f04-647657f8d248', 1777896000000, '{"token":"word","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","medium":"qr","issued":"2026-05-04T12:00:00Z"}');
INSERT INTO tag VALUES ('04AA', '{"uid":"04AA","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","kind":"table","enrolled":"2026-05-04T12:00:00Z"}');
INSERT INTO menu VALUES (1, '{"version":1,"published":"2026-05-04T12:00:00Z","currency":"EUR","languages":["en"],"stations":[{"id":"kitchen","name":{"en":"Kitchen"},"warn_after":600,"late_after":900},{"id":"bar","name":{"en":"Bar"},"warn_after":300,"late_after":600}],"taxes":[{"id":"food","name":{"en":"Food"},"eat_in":"19"}],"categories":[{"id":"all","name":{"en":"All"},"station":"kitchen","tax":"food","items":[{"id":"item0","name":{"en":"Dish number 0"},"price":500},{"id":"item1","name":{"en":"Dish number 1"},"price":501,"stations":["bar"]},{"id":"item2","name":{"en":"Dish number 2"},"price":502},{"id":"item3","name":{"en":"Dish number 3"},"price":503,"stations":["bar"]},{"id":"item4","name":{"en":"Dish number 4"},"price":504},{"id":"item5","name":{"en":"Dish number 5"},"price":505,"stations":["bar"]},{"id":"item6","name":{"en":"Dish number 6"},"price":506},{"id":"item7","name":{"en":"Dish number 7"},"price":507,"stations":["bar"]},{"id":"item8","name":{"en":"Dish number 8"},"price":508},{"id":"item9","name":{"en":"Dish number 9"},"price":509,"stations":["bar"]},{"id":"item10","name":{"en":"Dish number 10"},"price":510},{"id":"item11","name":{"en":"Dish number 11"},"price":511,"stations":["bar"]},{"id":"item12","name":{"en":"Dish number 12"},"price":512},{"id":"item13","name":{"en":"Dish number 13"},"price":513,"stations":["bar"]},{"id":"item14","name":{"en":"Dish number 14"},"price":514},{"id":"item15","name":{"en":"Dish number 15"},"price":515,"stations":["bar"]},{"id":"item16","name":{"en":"Dish number 16"},"price":516},{"id":"item17","name":{"en":"Dish number 17"},"price":517,"stations":["bar"]},{"id":"item18","name":{"en":"Dish number 18"},"price":518},{"id":"item19","name":{"en":"Dish number 19"},"price":519,"stations":["bar"]},{"id":"item20","name":{"en":"Dish number 20"},"price":520},{"id":"item21","name":{"en":"Dish number 21"},"price":521,"stations":["bar"]},{"id":"item22","name":{"en":"Dish number 22"},"price":522},{"id":"item23","name":{"en":"Dish number 23"},"price":523,"stations":["bar"]},{"id":"item24","name":{"en":"Dish number 24"},"price":524},{"id":"item25","name":{"en":"Dish number 25"},"price":525,"stations":["bar"]},{"id":"item26","name":{"en":"Dish number 26"},"price":526},{"id":"item27","name":{"en":"Dish number 27"},"price":527,"stations":["bar"]},{"id":"item28","name":{"en":"Dish number 28"},"price":528},{"id":"item29","name":{"en":"Dish number 29"},"price":529,"stations":["bar"]},{"id":"item30","name":{"en":"Dish number 30"},"price":530},{"id":"item31","name":{"en":"Dish number 31"},"price":531,"stations":["bar"]},{"id":"item32","name":{"en":"Dish number 32"},"price":532},{"id":"item33","name":{"en":"Dish number 33"},"price":533,"stations":["bar"]},{"id":"item34","name":{"en":"Dish number 34"},"price":534},{"id":"item35","name":{"en":"Dish number 35"},"price":535,"stations":["bar"]},{"id":"item36","name":{"en":"Dish number 36"},"price":536},{"id":"item37","name":{"en":"Dish number 37"},"price":537,"stations":["bar"]},{"id":"item38","name":{"en":"Dish number 38"},"price":538},{"id":"item39","name":{"en":"Dish number 39"},"price":539,"stations":["bar"]}]}]}');
INSERT INTO stock VALUES ('item1', '{"key":"item1","sold_out":false,"left":4}');
INSERT INTO session VALUES ('01a1fa91-98d3-7d55-9550-46804bde4d7f', '01a1fa91-98c8-7490-8f04-647657f8d248', 1, 1777896000000, '{"id":"01a1fa91-98d3-7d55-9550-46804bde4d7f","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","table":"1","kind":"table","business_day":"2026-05-04","state":"open","presence":"proven","opened":"2026-05-04T12:00:00Z","active":"2026-05-04T12:00:00Z","rounds":1}');
INSERT INTO guest VALUES ('01a1fa91-98d4-7841-b400-0b42f727afd4', '01a1fa91-98d3-7d55-9550-46804bde4d7f', 1, '01a1fa91-98d3-7bd7-aadd-2b5c13c59b18', '', '', 1777896000000, '{"id":"01a1fa91-98d4-7841-b400-0b42f727afd4","session":"01a1fa91-98d3-7d55-9550-46804bde4d7f","number":1,"language":"en","presence":"proven","presence_at":"2026-05-04T12:00:00Z","joined":"2026-05-04T12:00:00Z"}');
INSERT INTO placed_order VALUES ('01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', '01a1fa91-98d3-7d55-9550-46804bde4d7f', '01a1fa91-98d4-7841-b400-0b42f727afd4', 1, 0, 1777896000000, '2026-05-04', 2006, '{"id":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","session":"01a1fa91-98d3-7d55-9550-46804bde4d7f","guest":"01a1fa91-98d4-7841-b400-0b42f727afd4","table_id":"01a1fa91-98c8-7490-8f04-647657f8d248","table":"1","business_day":"2026-05-04","number":"1","seat":1,"round":1,"state":"accepted","channel":"web","dining":"eat_in","presence":"proven","menu_version":1,"lines":[{"item":"item0","name":{"en":"Dish number 0"},"kitchen_name":"Dish number 0","quantity":1,"unit":500,"gross":500,"tax":"food","rate":"19","stations":["kitchen"]},{"item":"item1","name":{"en":"Dish number 1"},"kitchen_name":"Dish number 1","quantity":1,"unit":501,"gross":501,"tax":"food","rate":"19","stations":["bar"]},{"item":"item2","name":{"en":"Dish number 2"},"kitchen_name":"Dish number 2","quantity":1,"unit":502,"gross":502,"tax":"food","rate":"19","stations":["kitchen"]},{"item":"item3","name":{"en":"Dish number 3"},"kitchen_name":"Dish number 3","quantity":1,"unit":503,"gross":503,"tax":"food","rate":"19","stations":["bar"]}],"totals":{"currency":"EUR","gross":2006,"tax":320,"rates":[{"rate":"19","net":1686,"tax":320,"gross":2006}]},"placed":"2026-05-04T12:00:00Z","accepted":"2026-05-04T12:00:00Z","tickets":["01a1fa91-98d5-7b38-81d0-97d18f12874c","01a1fa91-98d5-7b40-9496-93a28d5a9cb1"],"waiting":2}');
INSERT INTO ticket VALUES ('01a1fa91-98d5-7b38-81d0-97d18f12874c', '01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', 1, 1777896000000, NULL, '{"id":"01a1fa91-98d5-7b38-81d0-97d18f12874c","kind":"food","order":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","session":"01a1fa91-98d3-7d55-9550-46804bde4d7f","station":"kitchen","business_day":"2026-05-04","number":"1","table":"1","seat":1,"round":1,"channel":"web","dining":"eat_in","state":"new","items":[{"line":0,"name":"Dish number 0","quantity":1,"done":0},{"line":2,"name":"Dish number 2","quantity":1,"done":0}],"also_at":["bar"],"created":"2026-05-04T12:00:00Z"}');
INSERT INTO ticket VALUES ('01a1fa91-98d5-7b40-9496-93a28d5a9cb1', '01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', 1, 1777896000000, NULL, '{"id":"01a1fa91-98d5-7b40-9496-93a28d5a9cb1","kind":"food","order":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","session":"01a1fa91-98d3-7d55-9550-46804bde4d7f","station":"bar","business_day":"2026-05-04","number":"1","table":"1","seat":1,"round":1,"channel":"web","dining":"eat_in","state":"new","items":[{"line":1,"name":"Dish number 1","quantity":1,"done":0},{"line":3,"name":"Dish number 3","quantity":1,"done":0}],"also_at":["kitchen"],"created":"2026-05-04T12:00:00Z"}');
INSERT INTO device VALUES ('d', 'hash', 1777896000000, '{"id":"d","name":"Grill","role":"kitchen","paired":"2026-05-04T12:00:00Z"}');
INSERT INTO day_number VALUES ('2026-05-04', 1);
INSERT INTO answer VALUES ('guest:01a1fa91-98d4-7841-b400-0b42f727afd4', 'key', X'2E261BC43AA0FBE418A011D157408F71727B86EFF66A89679C8A81DC40C7E952', X'7B226F72646572223A2230316131666139312D393864352D376232622D386535332D336332373464636235326534222C226E756D626572223A2231222C22726F756E64223A312C227374617465223A226163636570746564222C22746F74616C73223A7B2263757272656E6379223A22455552222C2267726F7373223A323030362C22746178223A3332302C227261746573223A5B7B2272617465223A223139222C226E6574223A313638362C22746178223A3332302C2267726F7373223A323030367D5D7D2C22706C61636564223A22323032362D30352D30345431323A30303A30305A227D', 1777896000000);
INSERT INTO reader_cursor VALUES ('outbox', '3');
INSERT INTO delivery VALUES (1, 'telegram:1', '01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', 'waiting', 1, 0, 1777896000000, NULL, '{"seq":0,"lane":"telegram:1","subject":"01a1fa91-98d5-7b2b-8e53-3c274dcb52e4","intent":"","body":{},"event":0,"state":"waiting","created":"2026-05-04T12:00:00Z","attempts":0}');
INSERT INTO card VALUES ('telegram:1', '01a1fa91-98d5-7b2b-8e53-3c274dcb52e4', '7', 1777896000000);
INSERT INTO platform_update VALUES (1, 'telegram:bot', '1', X'7B7D', 1777896000000, NULL, '');
INSERT INTO person VALUES ('p', 'Anna', '{"id":"p","name":"Anna","role":"manager","added":"0001-01-01T00:00:00Z","shift":"s"}');
INSERT INTO badge VALUES ('04BB', '{"uid":"04BB","kind":"staff","person":"p","state":"active","enrolled":"0001-01-01T00:00:00Z"}');
INSERT INTO shift VALUES ('s', '2026-05-04', 'p', 1777896000000, '{"id":"s","person":"p","name":"","role":"","business_day":"2026-05-04","in":"2026-05-04T12:00:00Z"}');
INSERT INTO approval VALUES ('a', 1, 1777896000000, '{"id":"a","what":"","device":"d","asker":"","cancel":{"order":"","reason":""},"key":"","table":"","number":"","state":"waiting","asked":"2026-05-04T12:00:00Z","until":"0001-01-01T00:00:00Z"}');
