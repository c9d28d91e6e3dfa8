-- name: AddUpdate :execrows
INSERT INTO platform_update (source, id, raw, received, expires, outcome) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (source, id) DO NOTHING;

-- name: EndUpdate :execrows
UPDATE platform_update SET outcome = ? WHERE source = ? AND id = ?;

-- name: PendingUpdates :many
SELECT source, id, raw, received, expires FROM platform_update WHERE outcome = '' ORDER BY arrival LIMIT ?;

-- name: ForgetUpdates :exec
DELETE FROM platform_update WHERE received < ? AND outcome <> '';
