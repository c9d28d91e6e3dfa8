-- name: KeepAnswer :exec
INSERT INTO answer (scope, key, digest, body, at) VALUES (?, ?, ?, ?, ?);

-- name: Answer :one
SELECT digest, body, at FROM answer WHERE scope = ? AND key = ?;

-- name: ForgetAnswers :exec
DELETE FROM answer WHERE at < ?;

-- name: SetCursor :exec
INSERT INTO reader_cursor (name, value) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: Cursor :one
SELECT value FROM reader_cursor WHERE name = ?;
