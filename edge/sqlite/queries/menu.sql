-- name: PutMenu :exec
INSERT INTO menu (version, body) VALUES (?, ?);

-- name: MenuVersion :one
SELECT version FROM menu ORDER BY version DESC LIMIT 1;

-- name: Menu :one
SELECT body FROM menu WHERE version = ?;

-- name: PutStock :exec
INSERT INTO stock (key, body) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET body = excluded.body;

-- name: Stock :one
SELECT body FROM stock WHERE key = ?;

-- name: AllStock :many
SELECT body FROM stock ORDER BY key;

-- name: PutPace :exec
INSERT INTO pace (channel, body) VALUES (?, ?)
ON CONFLICT (channel) DO UPDATE SET body = excluded.body;

-- name: Paces :many
SELECT body FROM pace ORDER BY channel;
