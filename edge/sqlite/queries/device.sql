-- name: PutDevice :exec
INSERT INTO device (id, key_hash, paired, body) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, paired = excluded.paired, body = excluded.body;

-- name: Devices :many
SELECT key_hash, body FROM device ORDER BY paired, id;

-- name: DeviceByKey :one
SELECT key_hash, body FROM device WHERE key_hash = ? AND key_hash <> '' ORDER BY paired DESC, id DESC LIMIT 1;
