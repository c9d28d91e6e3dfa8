-- name: PutTicket :exec
INSERT INTO ticket (id, order_id, open, created, done, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  order_id = excluded.order_id, open = excluded.open, created = excluded.created, done = excluded.done,
  body = excluded.body;

-- name: Ticket :one
SELECT body FROM ticket WHERE id = ?;

-- name: TicketsOf :many
SELECT body FROM ticket WHERE order_id = ? ORDER BY created, id;

-- name: OpenTickets :many
SELECT body FROM ticket WHERE open = 1 ORDER BY created, id;

-- name: DoneTickets :many
SELECT body FROM ticket WHERE done IS NOT NULL AND done >= sqlc.arg(since) ORDER BY done DESC, id DESC LIMIT sqlc.arg(most);
