package edge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// PlaceRequest is an order as a guest sends it. Key is made when the intention starts and kept through retries.
type PlaceRequest struct {
	Key         string        `json:"-"`
	Guest       ID            `json:"guest"`
	MenuVersion int64         `json:"menu_version"`
	Lines       []LineRequest `json:"lines"`
	Note        string        `json:"note"`
	Allergies   []Allergen    `json:"allergies"`
	AllergyNote string        `json:"allergy_note"`
	Dining      DiningOption  `json:"dining"`
	// Channel is where the order came from; empty is the guest's messenger, or else the web.
	Channel string `json:"channel"`
}

// WebChannel is where orders of the plain guest page come from.
const WebChannel = "web"

// Receipt is the answer to an order, the same at every repeat of its key.
type Receipt struct {
	Order  ID         `json:"order"`
	Number string     `json:"number"`
	Round  int        `json:"round"`
	State  OrderState `json:"state" doc:"When it was placed: received (waits for staff) or accepted"`
	Totals Totals     `json:"totals"`
	Placed time.Time  `json:"placed"`
	// Repeated says that this is the stored answer to an earlier request.
	Repeated bool `json:"-"`
}

// Limits of what a guest may write.
const (
	MaxKey      = 64
	MaxNote     = 500 // runes
	MaxLineNote = 200 // runes
)

// Place takes an order: it checks the rules, prices the lines, and in one transaction keeps the order, its tickets,
// the events and the answer to the key. The same key gives the same answer; an order that differs from the menu as
// it is now is refused with the differences to confirm.
func (f *Floor) Place(ctx context.Context, req PlaceRequest) (Receipt, error) {
	if err := f.checkPlace(&req); err != nil {
		return Receipt{}, err
	}
	digest, err := digestOf(req)
	if err != nil {
		return Receipt{}, err
	}
	scope := string(GuestActor(req.Guest))
	var receipt Receipt
	err = f.store.Write(ctx, func(tx Tx) error {
		receipt = Receipt{}
		repeated, err := answered(tx, scope, req.Key, digest, &receipt)
		if err != nil || repeated {
			receipt.Repeated = repeated
			return err
		}
		now := f.now()
		receipt, err = f.place(tx, req, now)
		if err != nil {
			return err
		}
		return keep(tx, scope, req.Key, digest, receipt, now)
	})
	if err != nil {
		return Receipt{}, err
	}
	return receipt, nil
}

// ReceiptOf is the answer that was given to a guest's key.
func (f *Floor) ReceiptOf(ctx context.Context, guest ID, key string) (Receipt, error) {
	var receipt Receipt
	err := f.store.Read(ctx, func(view View) error {
		answer, ok, err := view.Answer(string(GuestActor(guest)), key)
		if err != nil {
			return err
		}
		if !ok {
			return Refuse(KindNotFound, "key_unknown", "No order was received under this key.")
		}
		return json.Unmarshal(answer.Body, &receipt)
	})
	return receipt, err
}

// checkPlace refuses what can be refused without looking at the restaurant's state.
func (f *Floor) checkPlace(req *PlaceRequest) error {
	policy := f.venue.Policy
	if err := checkKey(req.Key); err != nil {
		return err
	}
	if len(req.Lines) == 0 {
		return invalid("lines", "order_empty", "Please choose something first.")
	}
	if len(req.Lines) > policy.MaxLines {
		return invalid("lines", "too_many_lines", "One order can have at most %d lines.", policy.MaxLines)
	}
	if req.Dining == "" {
		req.Dining = EatIn
	}
	if req.Dining != EatIn && req.Dining != TakeAway {
		return invalid("dining", "dining_unknown", "An order is eat_in or take_away.")
	}
	for i, line := range req.Lines {
		if line.Quantity < 1 || line.Quantity > policy.MaxQuantity {
			return invalid(fmt.Sprintf("lines[%d].quantity", i), "quantity_invalid",
				"Between 1 and %d of one item can be ordered at once.", policy.MaxQuantity)
		}
		if err := checkText(fmt.Sprintf("lines[%d].note", i), line.Note, MaxLineNote); err != nil {
			return err
		}
	}
	if len(req.Allergies) > len(allergens) {
		return invalid("allergies", "too_many", "There are only %d allergens to name.", len(allergens))
	}
	for _, a := range req.Allergies {
		if !slices.Contains(allergens[:], a) {
			return invalid("allergies", "allergen_unknown", "Allergen %q is not one of the fourteen.", a)
		}
	}
	if err := checkText("allergy_note", req.AllergyNote, MaxNote); err != nil {
		return err
	}
	return checkText("note", req.Note, MaxNote)
}

func checkKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return invalid("key", "key_missing", "A key of 1–%d characters is needed, so that a repeat is known.", MaxKey)
	}
	for _, c := range []byte(key) {
		if c < '!' || c > '~' {
			return invalid("key", "key_missing", "A key has printable ASCII characters only.")
		}
	}
	return nil
}

func checkText(field, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return invalid(field, "text_too_long", "At most %d characters, please.", limit)
	}
	if !utf8.ValidString(text) {
		return invalid(field, "text_invalid", "The text has characters that cannot be read.")
	}
	if strings.Count(text, "\n") > maxTextLines {
		return invalid(field, "text_too_long", "At most %d lines, please.", maxTextLines)
	}
	if strings.ContainsFunc(text, unshowable) {
		return invalid(field, "text_invalid", "The text has characters that cannot be shown.")
	}
	return nil
}

// maxTextLines bounds what one text takes of a ticket's height.
const maxTextLines = 12

// unshowable reports characters that have no picture, or that turn the direction of what follows on a screen:
// controls (Unicode category Cc) but line ends and tabs, and the directional overrides and isolates (UAX #9 §2).
func unshowable(r rune) bool {
	return (unicode.IsControl(r) && r != '\n' && r != '\t') || (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069)
}

func digestOf(content any) ([32]byte, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return [32]byte{}, fmt.Errorf("encode request: %w", err)
	}
	return sha256.Sum256(raw), nil
}

// answered loads the stored answer to a key, if there is one, into answer. The same key for other content is
// refused.
func answered(view View, scope, key string, digest [32]byte, answer any) (bool, error) {
	stored, ok, err := view.Answer(scope, key)
	if err != nil || !ok {
		return false, err
	}
	if stored.Digest != digest {
		return false, Refuse(KindConflict, "key_reused", "This key was used for something else before.")
	}
	return true, json.Unmarshal(stored.Body, answer)
}

func keep(tx Tx, scope, key string, digest [32]byte, answer any, now Moment) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return tx.KeepAnswer(Answer{Scope: scope, Key: key, Digest: digest, Body: body, At: now.At})
}

func (f *Floor) place(tx Tx, req PlaceRequest, now Moment) (Receipt, error) {
	guest, session, err := seatedGuest(tx, req.Guest)
	if err != nil {
		return Receipt{}, err
	}
	if err := f.mayPlace(tx, guest, session); err != nil {
		return Receipt{}, err
	}
	from, err := paced(tx, cmp.Or(req.Channel, guest.Channel, WebChannel), now.At)
	if err != nil {
		return Receipt{}, err
	}
	menu, err := tx.CurrentMenu()
	if err != nil {
		return Receipt{}, err
	}
	lines, needs, err := f.priced(tx, menu, req, now)
	if err != nil {
		return Receipt{}, err
	}
	order, err := f.newOrder(tx, req, guest, session, menu, lines, now)
	if err != nil {
		return Receipt{}, err
	}
	actor := GuestActor(guest.ID)
	if err := takeStock(tx, needs, actor, now); err != nil {
		return Receipt{}, err
	}
	var tickets []Ticket
	if f.Permission(guest) == MayOrder {
		order.State, order.Accepted = OrderStateAccepted, now.At
		tickets = f.ticketsFor(&order, from, now)
	}
	session.Rounds++
	session.Active = now.At
	if err := tx.PutSession(session); err != nil {
		return Receipt{}, err
	}
	if err := putNew(tx, order, tickets, newEvent(OrderPlaced, order.ID, actor, now, &order, &order), actor, now); err != nil {
		return Receipt{}, err
	}
	return Receipt{
		Order: order.ID, Number: order.Number, Round: order.Round, State: order.State, Totals: order.Totals,
		Placed: order.Placed,
	}, nil
}

// mayPlace says whether the guest may order at all now.
func (f *Floor) mayPlace(view View, guest Guest, session Session) error {
	if session.Locked {
		return Refuse(KindDenied, "table_locked", "Ordering at this table is stopped. Please ask the staff.")
	}
	if f.Permission(guest) == MayRead {
		return Refuse(KindDenied, "menu_only", "Here you can read the menu. Please order with the staff.")
	}
	if !f.PresenceCounts(guest) {
		return Refuse(KindDenied, "presence_expired", "It is a while since you scanned the code. Please scan it again to order.")
	}
	open, err := view.OpenOrdersOf(guest.ID)
	if err != nil {
		return err
	}
	if open >= f.venue.Policy.MaxOpenOrders {
		return Refuse(KindTooMany, "too_many_orders",
			"You have %d orders open. Please wait until something has come, or ask the staff.", open)
	}
	return nil
}

// newOrder makes the order and gives it its number.
func (f *Floor) newOrder(tx Tx, req PlaceRequest, guest Guest, session Session, menu *Menu, lines []Line, now Moment,
) (Order, error) {
	totals, err := total(menu.Currency, lines)
	if err != nil {
		return Order{}, err
	}
	day := f.venue.Day(now.At)
	number, err := tx.NextNumber(day)
	if err != nil {
		return Order{}, err
	}
	channel := cmp.Or(req.Channel, guest.Channel, WebChannel)
	seat := guest.Number
	if session.Kind == KindCounter {
		seat = 0
	}
	return Order{
		ID: f.newID(), Seat: seat, Session: session.ID, Guest: guest.ID, TableID: session.TableID, Table: session.Table,
		Day: day, Number: strconv.Itoa(number), Round: session.Rounds + 1, State: OrderStateReceived,
		Channel: channel, Dining: req.Dining, Presence: guest.Presence, Menu: menu.Version, Lines: lines,
		Note: req.Note, Allergies: req.Allergies, AllergyNote: req.AllergyNote, Totals: totals, Placed: now.At,
	}, nil
}

// putNew keeps an order that just came or was just accepted, with its tickets and events.
func putNew(tx Tx, order Order, tickets []Ticket, event Event, actor Actor, now Moment) error {
	event.Session = order.Session
	if err := tx.PutOrder(order); err != nil {
		return err
	}
	if _, err := tx.Append(event); err != nil {
		return err
	}
	for i := range tickets {
		if err := putTicket(tx, TicketCreated, &tickets[i], createdBody(&tickets[i]), actor, now); err != nil {
			return err
		}
	}
	return nil
}

// putTicket keeps a ticket and tells of it; body is what the journal keeps of the change.
func putTicket(tx Tx, kind EventKind, ticket *Ticket, body any, actor Actor, now Moment) error {
	if err := tx.PutTicket(*ticket); err != nil {
		return err
	}
	doc := *ticket
	doc.Items = slices.Clone(ticket.Items)
	event := newEvent(kind, ticket.ID, actor, now, body, &doc)
	event.Session = ticket.Session
	_, err := tx.Append(event)
	return err
}

// putOrder keeps an order's new state and tells of it.
func putOrder(tx Tx, kind EventKind, order *Order, body any, actor Actor, now Moment) error {
	if err := tx.PutOrder(*order); err != nil {
		return err
	}
	doc := *order
	doc.Lines = slices.Clone(order.Lines)
	event := newEvent(kind, order.ID, actor, now, body, &doc)
	event.Session = order.Session
	_, err := tx.Append(event)
	return err
}
