-- name: AppendEvent :exec
INSERT INTO event (seq, kind, subject, session, actor, at, trusted, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: Events :many
SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?;

-- name: LastEvent :one
SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1;

-- name: Head :one
SELECT seq, hash FROM journal_head WHERE only = 1;

-- name: MoveHead :exec
UPDATE journal_head SET seq = ?, hash = ? WHERE only = 1;
