package edge_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

func TestGuestsOfOneTableShareASession(t *testing.T) {
	h := newHouse(t)
	first := h.seat(t, printedWord, "a")
	second := h.seat(t, recentCode, "b")
	if !first.Opened || second.Opened || first.Session.ID != second.Session.ID {
		t.Errorf("got sessions %s (opened %t) and %s (opened %t), want one", first.Session.ID, first.Opened, second.Session.ID, second.Opened)
	}
	if first.Guest.Number != 1 || second.Guest.Number != 2 || first.Guest.Language != "de" {
		t.Errorf("got guests %+v and %+v", first.Guest, second.Guest)
	}
	if first.Permission != edge.MayAsk || second.Permission != edge.MayOrder {
		t.Errorf("got permissions %s and %s", first.Permission, second.Permission)
	}
}

func TestCounterGivesEverybodyASession(t *testing.T) {
	h := newHouse(t)
	first, second := h.seat(t, counterWord, "a"), h.seat(t, counterWord, "b")
	if first.Session.ID == second.Session.ID {
		t.Error("two guests at the counter share a session")
	}
	if again := h.seat(t, counterWord, "a"); again.Session.ID != first.Session.ID || again.Guest.ID != first.Guest.ID {
		t.Errorf("the same guest again: got session %s, want %s", again.Session.ID, first.Session.ID)
	}
}

func TestGuestIsFoundAgain(t *testing.T) {
	h := newHouse(t)
	seat := func(req edge.SeatRequest) edge.Seated {
		t.Helper()
		req.Token = printedWord
		seated, err := h.floor.Seat(ctx, req)
		if err != nil {
			t.Fatalf("Seat: %v", err)
		}
		return seated
	}
	chat := seat(edge.SeatRequest{Channel: "telegram", Address: "42", KeyHash: "k1", Language: "en"})
	again := seat(edge.SeatRequest{Channel: "telegram", Address: "42", KeyHash: "k2"})
	page := seat(edge.SeatRequest{KeyHash: "k2"})
	if again.Guest.ID != chat.Guest.ID || page.Guest.ID != chat.Guest.ID {
		t.Errorf("got guests %s, %s, %s; want one", chat.Guest.ID, again.Guest.ID, page.Guest.ID)
	}
	if page.Guest.Address != "42" || page.Guest.Language != "en" {
		t.Errorf("coming back from the page lost the chat or the language: %+v", page.Guest)
	}
	other := seat(edge.SeatRequest{Channel: "telegram", Address: "43", KeyHash: "k3"})
	if other.Guest.ID == chat.Guest.ID {
		t.Error("another chat is the same guest")
	}
}

func TestCodesThatOpenNothing(t *testing.T) {
	h := newHouse(t)
	for code, token := range map[string]string{
		"token_unknown": "guessed-guessed-guessed", "code_expired": expiredCode,
	} {
		h.refused(t, code, func() error {
			_, err := h.floor.Seat(ctx, edge.SeatRequest{Token: token, KeyHash: "x"})
			return err
		})
	}
	if _, err := h.floor.IssueToken(ctx, edge.System, h.table.ID, edge.MediumQR, "a-new-word-for-table-7"); err != nil {
		t.Fatalf("IssueToken: %v", err)
	}
	h.refused(t, "token_unknown", func() error {
		_, err := h.floor.Seat(ctx, edge.SeatRequest{Token: printedWord, KeyHash: "x"})
		return err
	})
}

func TestExpiredCodeLetsGuestsOfTheTableBackIn(t *testing.T) {
	h := newHouse(t)
	seated := h.seat(t, recentCode, "a")
	h.now = h.now.Add(time.Hour)
	back := h.seat(t, expiredCode, "a")
	if back.Guest.ID != seated.Guest.ID || !back.Guest.PresenceAt.Equal(seated.Guest.PresenceAt) {
		t.Errorf("got %+v, want the same guest with the old presence", back.Guest)
	}
}

func TestPresenceRunsOut(t *testing.T) {
	h := newHouse(t)
	guest := h.seat(t, recentCode, "a").Guest.ID
	h.now = h.now.Add(3*time.Hour + time.Minute)
	h.refused(t, "presence_expired", func() error {
		_, err := h.floor.Place(ctx, h.request(guest, "k", burger))
		return err
	})
	h.seat(t, recentCode, "a")
	h.place(t, guest, "k", burger)
}

func TestIdleTableIsFreeAgainUnlessSomethingIsOwed(t *testing.T) {
	h := newHouse(t)
	idle := h.seat(t, recentCode, "a")
	h.now = h.now.Add(5 * time.Hour)
	if err := h.floor.CloseIdle(ctx); err != nil {
		t.Fatalf("CloseIdle: %v", err)
	}
	h.refused(t, "session_closed", func() error {
		_, err := h.floor.Place(ctx, h.request(idle.Guest.ID, "k", burger))
		return err
	})
	next := h.seat(t, recentCode, "b")
	if next.Session.ID == idle.Session.ID {
		t.Fatal("the idle session is still open")
	}
	receipt := h.place(t, next.Guest.ID, "k2", burger)
	if err := h.floor.Serve(ctx, edge.System, receipt.Order); err != nil {
		t.Fatalf("Serve: %v", err)
	}
	h.now = h.now.Add(5 * time.Hour)
	if err := h.floor.CloseIdle(ctx); err != nil {
		t.Fatalf("CloseIdle: %v", err)
	}
	if again := h.seat(t, recentCode, "b"); again.Session.ID != next.Session.ID {
		t.Error("a table that owes money was closed")
	}
}

func TestWhoReadsOnlyCannotOrder(t *testing.T) {
	h := newHouse(t)
	venue := h.venue
	venue.Policy.Printed = edge.MayRead
	floor := edge.NewFloor(h.store, venue, codes{func() edge.ID { return "" }}, func() edge.Moment { return edge.Moment{At: h.now} },
		func() edge.ID { h.ids++; return edge.ID("r" + string(rune('a'+h.ids%26))) })
	seated, err := floor.Seat(ctx, edge.SeatRequest{Token: printedWord, KeyHash: "a"})
	if err != nil || seated.Permission != edge.MayRead {
		t.Fatalf("Seat: got %s, %v; want menu_only", seated.Permission, err)
	}
	h.refused(t, "menu_only", func() error {
		_, err := floor.Place(ctx, h.request(seated.Guest.ID, "k", burger))
		return err
	})
}

func TestRetiredTableSeatsNobody(t *testing.T) {
	h := newHouse(t)
	sitting := h.seat(t, recentCode, "a")
	table := h.table
	table.Retired = true
	if err := h.floor.ChangeTable(ctx, "owner", table); err != nil {
		t.Fatalf("ChangeTable: %v", err)
	}
	for name, req := range map[string]edge.SeatRequest{
		"printed code":   {Token: printedWord, KeyHash: "b"},
		"display's code": {Token: recentCode, KeyHash: "b"},
		"expired code":   {Token: expiredCode, KeyHash: "b"},
		"reader":         {TableID: h.table.ID, Presence: edge.PresenceProven, KeyHash: "b"},
	} {
		t.Run(name, func(t *testing.T) {
			h.refused(t, "token_unknown", func() error {
				_, err := h.floor.Seat(ctx, req)
				return err
			})
		})
	}
	h.refused(t, "token_unknown", func() error {
		_, err := h.floor.OpenTable(ctx, h.table.ID, edge.PresenceProven, "reader")
		return err
	})
	h.place(t, sitting.Guest.ID, "k", burger) // who sits there may finish
}

func TestJournalHoldsNoWordsThatSeat(t *testing.T) {
	h := newHouse(t)
	tag := edge.Tag{UID: "04AABBCCDDEEFF", TableID: h.table.ID, Kind: edge.TagTable, Token: printedWord}
	if err := h.floor.TagWritten(ctx, "owner", tag); err != nil {
		t.Fatalf("TagWritten: %v", err)
	}
	h.seat(t, printedWord, "the-hash-of-a-key")
	if err := h.floor.RetireTag(ctx, "owner", tag.UID); err != nil {
		t.Fatalf("RetireTag: %v", err)
	}
	err := h.store.Read(ctx, func(view edge.View) error {
		events, err := view.Events(0, 1000)
		for _, e := range events {
			for _, secret := range []string{printedWord, "the-hash-of-a-key"} {
				if strings.Contains(string(e.Body), secret) {
					t.Errorf("%s holds %s: %s", e.Kind, secret, e.Body)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatalf("read journal: %v", err)
	}
}

// reading is codes that look at the store themselves, as the real ones do for the tables in use.
type reading struct {
	store *sqlite.Store
	err   error
}

func (r *reading) Resolve(string, time.Time) (edge.ID, edge.CodeState) {
	wait, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	r.err = errors.Join(r.err, r.store.Read(wait, func(view edge.View) error { _, err := view.Tables(); return err }))
	return "", edge.CodeUnknown
}

func (r *reading) OpenPass(string, time.Time) (string, time.Time, bool) {
	return "", time.Time{}, false
}

func TestCodesMayReadTheStore(t *testing.T) {
	store, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "house.db"), sqlite.Options{Readers: 1})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	defer store.Close()
	codes := &reading{store: store}
	clock := func() edge.Moment { return edge.Moment{At: time.Now(), Trusted: true} }
	floor := edge.NewFloor(store, edge.Venue{Zone: time.UTC}, codes, clock, func() edge.ID { return "id" })
	if _, err := floor.TableOf(ctx, "RECENT22"); edge.CodeOf(err) != "token_unknown" || codes.err != nil {
		t.Errorf("TableOf: %v, its codes: %v; want token_unknown and no wait", err, codes.err)
	}
}

func TestPassTakesPresenceAlong(t *testing.T) {
	h := newHouse(t)
	seat := func(word, who string) edge.Seated {
		t.Helper()
		seated, err := h.floor.Seat(ctx, edge.SeatRequest{Token: word, KeyHash: who, Channel: "telegram", Address: who})
		if err != nil || seated.Table.ID != h.table.ID {
			t.Fatalf("Seat(%s): got %s, %v; want table 7", word, seated.Table.Name, err)
		}
		return seated
	}
	if got := seat(printedWord+"+fresh", "early").Guest; got.Presence != edge.PresencePrinted || !got.PresenceAt.Equal(h.now) {
		t.Errorf("a pass of a visit that is over: got %s, want printed", got.Presence)
	}
	for word, want := range map[string]edge.Presence{
		printedWord + "+fresh": edge.PresenceRecent, printedWord + "+old": edge.PresencePrinted, printedWord: edge.PresencePrinted,
	} {
		guest, at := seat(word, word).Guest, h.now
		if want == edge.PresenceRecent {
			at = h.now.Add(-5 * time.Minute) // so that no pass makes a newer one
		}
		if guest.Presence != want || !guest.PresenceAt.Equal(at) {
			t.Errorf("Seat(%s): got %s at %s, want %s at %s", word, guest.Presence, guest.PresenceAt, want, at)
		}
	}
	if table, err := h.floor.TableOf(ctx, printedWord+"+old"); err != nil || table.ID != h.table.ID {
		t.Errorf("TableOf: got %s, %v; want table 7", table.Name, err)
	}
}
