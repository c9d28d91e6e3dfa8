-- name: PutTable :exec
INSERT INTO dining_table (id, sort, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET sort = excluded.sort, body = excluded.body;

-- name: Table :one
SELECT body FROM dining_table WHERE id = ?;

-- name: Tables :many
SELECT body FROM dining_table ORDER BY sort, id;

-- name: PutToken :exec
INSERT INTO token (token, table_id, issued, body) VALUES (?, ?, ?, ?)
ON CONFLICT (token) DO UPDATE SET table_id = excluded.table_id, issued = excluded.issued, body = excluded.body;

-- name: Token :one
SELECT body FROM token WHERE token = ?;

-- name: TokensOf :many
SELECT body FROM token WHERE table_id = ? ORDER BY issued, token;

-- name: PutTag :exec
INSERT INTO tag (uid, body) VALUES (?, ?)
ON CONFLICT (uid) DO UPDATE SET body = excluded.body;

-- name: Tag :one
SELECT body FROM tag WHERE uid = ?;

-- name: Tags :many
SELECT body FROM tag ORDER BY uid;
