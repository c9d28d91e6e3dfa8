package api

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestStrangersNeverTakeAScreensPlace(t *testing.T) {
	places, limit := newSeats(), new(2)
	var idle []*seat
	for range maxStrangersPerAddress {
		idle = append(idle, places.come("phone", limit))
	}
	if places.come("phone", limit) != nil {
		t.Errorf("one address holds more than %d sockets without a hello", maxStrangersPerAddress)
	}
	first, second, third := places.come("kitchen", limit), places.come("bar", limit), places.come("bar", limit)
	for i, screen := range []*seat{first, second} {
		if screen == nil || screen.take() != nil {
			t.Fatalf("screen %d finds no place beside strangers", i)
		}
	}
	if err := third.take(); err == nil {
		t.Error("a third screen found one of two places")
	}
	third.leave()
	first.leave()
	if again := places.come("kitchen", limit); again == nil || again.take() != nil {
		t.Error("a place that was given back is not free")
	}
	for _, s := range idle {
		s.leave()
	}
	if places.waiting != 0 || len(places.strangers) != 0 {
		t.Errorf("all strangers left: got %d waiting, %v", places.waiting, places.strangers)
	}
}

// TestProtocolPageTellsTheRoom: who writes a client relies on the page.
func TestProtocolPageTellsTheRoom(t *testing.T) {
	page, err := os.ReadFile("kitchen-protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		fmt.Sprintf("A house has room for %d screens.", maxHouseSockets),
		fmt.Sprintf("(%d an address)", maxStrangersPerAddress),
	} {
		if !strings.Contains(string(page), words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}
