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

-- name: PutTicketTime :exec
INSERT INTO ticket_time (day, ticket, station, dining, expected, since, seen, started, done, words)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (day, ticket) DO UPDATE SET
  station = excluded.station, dining = excluded.dining, expected = excluded.expected, since = excluded.since,
  seen = excluded.seen, started = excluded.started, done = excluded.done, words = excluded.words;

-- name: ForgetTicketTime :exec
DELETE FROM ticket_time WHERE day = ? AND ticket = ?;

-- name: TicketTimes :many
SELECT station, dining, expected, since, seen, started, done FROM ticket_time
WHERE day = ? AND done IS NOT NULL ORDER BY done, ticket;

-- name: FindTickets :many
SELECT ticket.body FROM ticket_time CROSS JOIN ticket ON ticket.id = ticket_time.ticket
WHERE ticket_time.day = sqlc.arg(day) AND instr(ticket_time.words, CAST(sqlc.arg(text) AS TEXT)) > 0
ORDER BY ticket_time.ticket DESC LIMIT sqlc.arg(most);
