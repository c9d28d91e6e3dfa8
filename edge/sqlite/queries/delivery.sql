-- name: AddDelivery :one
INSERT INTO delivery (lane, subject, state, open, next_try, created, ended, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
RETURNING seq;

-- name: ChangeDelivery :execrows
UPDATE delivery SET
  lane = ?, subject = ?, state = ?, open = ?, next_try = ?, created = ?, ended = ?, body = ?
WHERE seq = ?;

-- name: DueDeliveries :many
SELECT d.seq, d.body FROM delivery AS d
WHERE d.seq IN (SELECT min(head.seq) FROM delivery AS head WHERE head.open = 1 GROUP BY head.lane)
  AND d.next_try <= sqlc.arg(now)
ORDER BY d.seq LIMIT sqlc.arg(most);

-- name: NextDelivery :one
SELECT d.next_try FROM delivery AS d
WHERE d.seq IN (SELECT min(head.seq) FROM delivery AS head WHERE head.open = 1 GROUP BY head.lane)
ORDER BY d.next_try LIMIT 1;

-- name: UnsentDelivery :one
SELECT seq, body FROM delivery
WHERE lane = ? AND subject = ? AND state = 'waiting' AND open = 1 ORDER BY seq DESC LIMIT 1;

-- name: Backlog :one
SELECT count(*) AS waiting, CAST(coalesce(min(created), 0) AS INTEGER) AS oldest FROM delivery
WHERE open = 1 AND substr(lane, 1, length(CAST(sqlc.arg(prefix) AS TEXT))) = CAST(sqlc.arg(prefix) AS TEXT);

-- name: ForgetDeliveries :exec
DELETE FROM delivery WHERE open = 0 AND ended < ?;

-- name: PutCard :exec
INSERT INTO card (lane, subject, ref, put) VALUES (?, ?, ?, ?)
ON CONFLICT (lane, subject) DO UPDATE SET ref = excluded.ref, put = excluded.put;

-- name: Card :one
SELECT ref FROM card WHERE lane = ? AND subject = ?;

-- name: ForgetCards :exec
DELETE FROM card WHERE put < ?;
