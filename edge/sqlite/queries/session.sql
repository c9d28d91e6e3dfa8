-- name: TouchSession :execrows
-- The common change: nothing that an index knows of.
UPDATE session SET body = ? WHERE id = ? AND table_id = ? AND open = ? AND opened = ?;

-- name: PutSession :exec
INSERT INTO session (id, table_id, open, opened, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  table_id = excluded.table_id, open = excluded.open, opened = excluded.opened, body = excluded.body;

-- name: Session :one
SELECT body FROM session WHERE id = ?;

-- name: OpenSession :one
SELECT body FROM session WHERE table_id = ? AND open = 1 ORDER BY opened DESC, id DESC LIMIT 1;

-- name: OpenSessions :many
SELECT body FROM session WHERE open = 1 ORDER BY opened, id;

-- name: PutGuest :exec
INSERT INTO guest (id, session, number, key_hash, channel, address, joined, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  session = excluded.session, number = excluded.number, key_hash = excluded.key_hash, channel = excluded.channel,
  address = excluded.address, joined = excluded.joined, body = excluded.body;

-- name: Guest :one
SELECT key_hash, body FROM guest WHERE id = ?;

-- name: GuestByKey :one
SELECT key_hash, body FROM guest WHERE key_hash = ? AND key_hash <> '' ORDER BY joined DESC, id DESC LIMIT 1;

-- name: GuestByAddress :one
SELECT key_hash, body FROM guest WHERE session = ? AND channel = ? AND address = ? ORDER BY number DESC LIMIT 1;

-- name: GuestsOf :many
SELECT key_hash, body FROM guest WHERE session = ? ORDER BY number, id;
