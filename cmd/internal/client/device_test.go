package client_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/comanda-pos/comanda/cmd/internal/client"
	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// device is the real API over a real store.
func device(t *testing.T) (*client.Client, *access.Pairing) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "comanda.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	hub := live.New(time.Now, slog.New(slog.DiscardHandler))
	store.OnCommit(hub.Publish)
	if err := hub.Load(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	venue := edge.Venue{
		Name: "Test", Currency: "EUR", Zone: time.UTC, Languages: []string{"en", "de"}, Kitchen: "en",
		Policy: edge.Policy{
			Printed: edge.MayOrder, PresenceTTL: time.Hour, MaxLines: 10, MaxQuantity: 10, MaxOpenOrders: 10,
		},
	}
	clock := func() edge.Moment { return edge.Moment{At: time.Now(), Trusted: true} }
	ids := func() edge.ID { return edge.ID(uuid.Must(uuid.NewV7()).String()) }
	codes := access.NewCodes([]byte("secret"), time.Minute, func() []edge.ID { return nil })
	pairing := access.NewPairing(time.Now)
	handler := api.New(api.Config{
		Floor: edge.NewFloor(store, venue, codes, clock, ids), Kitchen: edge.NewKitchen(store, venue, clock, ids),
		Store: store, Hub: hub, Codes: codes, Pairing: pairing, Clock: clock, IDs: ids, BaseURL: "http://127.0.0.1",
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := handler.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	c, err := client.New(server.URL, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, pairing
}

// TestRealDevice walks an evening: pairing, tables, menu, a guest, an order, the kitchen.
func TestRealDevice(t *testing.T) {
	c, pairing := device(t)
	ctx := t.Context()
	owner, screenKey := pair(t, c, pairing)

	if version, err := owner.PublishMenu(ctx, configs.SampleMenu); err != nil || version != 1 {
		t.Fatalf("PublishMenu: got version %d, %v, want 1", version, err)
	}
	added, err := owner.AddTables(ctx, []api.NewTable{{Name: "7", Kind: edge.KindTable}})
	if err != nil || len(added) != 1 || len(added[0].Tokens) != 1 {
		t.Fatalf("AddTables: got %+v, %v, want a table with a code", added, err)
	}
	token, err := owner.IssueToken(ctx, added[0].Table.ID, edge.MediumQR)
	if err != nil || token.Token == added[0].Tokens[0].Token {
		t.Fatalf("IssueToken: got %+v, %v, want a new code", token, err)
	}
	if tables, err := owner.Tables(ctx); err != nil || len(tables) != 1 || tables[0].Tokens[0].Token != token.Token {
		t.Fatalf("Tables: got %+v, %v", tables, err)
	}

	guest := c.Guest("")
	if _, err := guest.Seat(ctx, added[0].Tokens[0].Token, "de"); !errors.Is(err, edge.ErrNotFound) || client.CodeOf(err) != "token_unknown" {
		t.Errorf("Seat with the retired code: got %v, want token_unknown", err)
	}
	view, err := guest.Seat(ctx, token.Token, "de")
	if err != nil || view.Table.Name != "7" || guest.Key == "" {
		t.Fatalf("Seat: got %+v, key %q, %v", view.Table, guest.Key, err)
	}
	order(t, guest)
	cook(t, c.Screen(screenKey), owner)

	state, err := owner.State(ctx)
	if err != nil || state.Today.Orders != 1 {
		t.Errorf("State: got %+v, %v, want one order today", state.Today, err)
	}
	view, err = c.Guest(guest.Key).View(ctx)
	if err != nil || len(view.Orders) != 1 || view.Orders[0].State != edge.OrderStateCompleted {
		t.Errorf("View: got %+v, %v, want the order completed", view.Orders, err)
	}
}

// pair makes the first owner from a code of the device itself, and a screen from a code of the owner.
func pair(t *testing.T, c *client.Client, pairing *access.Pairing) (*client.Owner, string) {
	t.Helper()
	code, _, err := pairing.Issue(access.Grant{Role: edge.RoleOwner, By: edge.System})
	if err != nil {
		t.Fatal(err)
	}
	paired, err := c.Pair(t.Context(), code, "phone")
	if err != nil {
		t.Fatalf("Pair: %v", err)
	}
	owner := c.Owner(paired.Key)
	answer, err := owner.Pairing(t.Context(), api.PairingBody{Role: edge.RoleKitchen})
	if err != nil {
		t.Fatalf("Pairing: %v", err)
	}
	screen, err := c.Pair(t.Context(), answer.Code, "screen")
	if err != nil || screen.Device.Role != edge.RoleKitchen {
		t.Fatalf("Pair screen: got %+v, %v", screen.Device, err)
	}
	if _, err := c.Pair(t.Context(), answer.Code, "thief"); !errors.Is(err, edge.ErrDenied) {
		t.Errorf("Pair with a used code: got %v, want denied", err)
	}
	return owner, screen.Key
}

// order places one order twice under the same key.
func order(t *testing.T, guest *client.Guest) {
	t.Helper()
	ctx := t.Context()
	menu, err := guest.Menu(ctx)
	if err != nil || menu.Menu.Version != 1 {
		t.Fatalf("Menu: got version %d, %v", menu.Menu.Version, err)
	}
	if _, err := guest.Receipt(ctx, "key-0001"); !errors.Is(err, edge.ErrNotFound) {
		t.Errorf("Receipt before the order: got %v, want not found", err)
	}
	body := api.OrderBody{Key: "key-0001", MenuVersion: 1, Lines: []edge.LineRequest{{Item: "trout", Quantity: 2}}}
	first, repeated, err := guest.Place(ctx, body)
	if err != nil || repeated {
		t.Fatalf("Place: got %+v, repeated %t, %v", first, repeated, err)
	}
	second, repeated, err := guest.Place(ctx, body)
	if err != nil || !repeated || second.Order != first.Order {
		t.Errorf("Place again: got %+v, repeated %t, %v, want order %s repeated", second, repeated, err, first.Order)
	}
	if receipt, err := guest.Receipt(ctx, "key-0001"); err != nil || receipt.Order != first.Order {
		t.Errorf("Receipt: got %+v, %v, want order %s", receipt, err, first.Order)
	}
}

// cook bumps the one ticket and serves its order.
func cook(t *testing.T, screen *client.Screen, owner *client.Owner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- screen.Serve(serving) }()
	for len(screen.Tickets()) == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond) // the screen is connecting over a real socket: there is nothing else to wait on
	}
	tickets := screen.Tickets()
	if len(tickets) != 1 || tickets[0].Items[0].Quantity != 2 {
		t.Fatalf("Tickets: got %+v, want one with two trouts", tickets)
	}
	bumped, err := screen.Press(ctx, "bump", "press-01", tickets[0].ID)
	if again, repeatErr := screen.Press(ctx, "bump", "press-01", tickets[0].ID); again != bumped || err != nil || repeatErr != nil {
		t.Errorf("bump: got %d, %v, then %d, %v; want the same", bumped, err, again, repeatErr)
	}
	floor, err := owner.Floor(ctx)
	if err != nil || len(floor.Sessions) != 1 || floor.Sessions[0].Orders[0].State != edge.OrderStateReady {
		t.Errorf("Floor: got %+v, %v, want one order that is ready", floor.Sessions, err)
	}
	if _, err := screen.OrderPress(ctx, "serve", "press-02", tickets[0].Order); err != nil {
		t.Errorf("serve: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
}
