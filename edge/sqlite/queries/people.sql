-- name: PutPerson :exec
INSERT INTO person (id, name, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body;

-- name: Person :one
SELECT body FROM person WHERE id = ?;

-- name: People :many
SELECT body FROM person ORDER BY name COLLATE NOCASE, id;

-- name: PutBadge :exec
INSERT INTO badge (uid, body) VALUES (?, ?)
ON CONFLICT (uid) DO UPDATE SET body = excluded.body;

-- name: Badge :one
SELECT body FROM badge WHERE uid = ?;

-- name: Badges :many
SELECT body FROM badge ORDER BY uid;

-- name: PutShift :exec
INSERT INTO shift (id, day, person, began, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET day = excluded.day, began = excluded.began, body = excluded.body;

-- name: Shift :one
SELECT body FROM shift WHERE id = ?;

-- name: Shifts :many
SELECT body FROM shift WHERE day = ? ORDER BY began, id;

-- name: PutApproval :exec
INSERT INTO approval (id, open, asked, body) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET open = excluded.open, asked = excluded.asked, body = excluded.body;

-- name: Approval :one
SELECT body FROM approval WHERE id = ?;

-- name: OpenApprovals :many
SELECT body FROM approval WHERE open = 1 ORDER BY asked, id;
