-- name: PutOrder :exec
INSERT INTO placed_order (id, session, guest, open, waits, placed, day, gross, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  session = excluded.session, guest = excluded.guest, open = excluded.open, waits = excluded.waits, placed = excluded.placed,
  day = excluded.day, gross = excluded.gross, body = excluded.body;

-- name: Order :one
SELECT body FROM placed_order WHERE id = ?;

-- name: OrdersOf :many
SELECT body FROM placed_order WHERE session = ? ORDER BY placed, id;

-- name: OpenOrdersOf :one
SELECT count(*) FROM placed_order WHERE guest = ? AND open = 1;

-- name: DayTotals :one
SELECT count(*) AS orders, CAST(coalesce(sum(gross), 0) AS INTEGER) AS gross FROM placed_order
WHERE day = ? AND gross IS NOT NULL;

-- name: OpenOrders :many
SELECT body FROM placed_order WHERE open = 1 ORDER BY placed, id;

-- name: WaitingOrders :many
SELECT body FROM placed_order WHERE waits = 1 ORDER BY placed, id;

-- name: CountOpenOrders :one
SELECT count(*) FROM placed_order WHERE open = 1;

-- name: NextNumber :one
INSERT INTO day_number (day, last) VALUES (?, 1)
ON CONFLICT (day) DO UPDATE SET last = last + 1
RETURNING last;
