package edge_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

// signing is a world of tags whose messages are "tap:<uid>:<version>:<counter>"; "forged:" ones have the form only.
type signing struct{}

func (signing) Check(word string) (edge.SignedTap, bool, error) {
	var tap edge.SignedTap
	if n, _ := fmt.Sscanf(word, "forged:%s", &tap.UID); n == 1 {
		return edge.SignedTap{}, true, errors.New("forged")
	}
	n, _ := fmt.Sscanf(word, "tap:%14s:%d:%d", &tap.UID, &tap.Version, &tap.Counter)
	return tap, n == 3, nil
}

const tagNumber = "04AABBCCDDEE80"

func tapWord(version, counter int) string {
	return fmt.Sprintf("tap:%s:%d:%d", tagNumber, version, counter)
}

func (h *house) signedTag(t tb) {
	t.Helper()
	h.floor.Prove(signing{})
	err := h.store.Write(ctx, func(tx edge.Tx) error {
		return tx.PutTag(edge.Tag{UID: tagNumber, TableID: h.table.ID, Kind: edge.TagTable, Signs: true, KeyVersion: 1, Counter: 10})
	})
	if err != nil {
		t.Fatalf("PutTag: %v", err)
	}
}

func (h *house) tag(t tb) edge.Tag {
	t.Helper()
	var tag edge.Tag
	err := h.store.Read(ctx, func(v edge.View) (err error) { tag, err = v.Tag(tagNumber); return err })
	if err != nil {
		t.Fatalf("Tag: %v", err)
	}
	return tag
}

func TestSignedTapProvesOnce(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	seat := func(word, key, attempt string) (edge.Seated, error) {
		return h.floor.Seat(ctx, edge.SeatRequest{Token: word, KeyHash: key, Attempt: attempt})
	}
	first, err := seat(tapWord(1, 12), "anna", "page-1")
	if err != nil || first.Guest.Presence != edge.PresenceProven || first.Table.ID != h.table.ID {
		t.Fatalf("Seat: got %+v, %v; want proven at table 7", first, err)
	}
	if tag := h.tag(t); tag.Counter != 12 || tag.Taps != 1 || tag.LastGuest != first.Guest.ID {
		t.Errorf("tag = %+v, want one tap at 12", tag)
	}
	again, err := seat(tapWord(1, 12), "anna-2", "page-1")
	if err != nil || again.Guest.ID != first.Guest.ID {
		t.Errorf("the same page asks again: got %+v, %v; want the same guest", again.Guest, err)
	}
	if _, err := seat(tapWord(1, 12), "anna-2", ""); err != nil {
		t.Errorf("a guest who sits there comes with the old tap: %v", err)
	}
	for name, word := range map[string]string{"again": tapWord(1, 12), "older": tapWord(1, 11), "older keys": tapWord(0, 99)} {
		if _, err := seat(word, "thief", "page-2"); edge.CodeOf(err) != "tap_replayed" {
			t.Errorf("%s: got %v, want tap_replayed", name, err)
		}
	}
	if tag := h.tag(t); tag.Replays != 3 || tag.Counter != 12 {
		t.Errorf("tag = %+v, want three replays", tag)
	}
	if err := h.floor.Close(ctx, edge.System, first.Session.ID, "left"); err != nil {
		t.Fatal(err)
	}
	if _, err := seat(tapWord(1, 12), "home", "page-1"); edge.CodeOf(err) != "tap_replayed" {
		t.Errorf("the same page after the visit: got %v, want tap_replayed", err)
	}
	h.now = h.now.Add(3 * time.Minute)
	if _, err := seat(tapWord(1, 12), "late", "page-1"); edge.CodeOf(err) != "tap_replayed" {
		t.Errorf("the same page much later: got %v, want tap_replayed", err)
	}
	if _, err := seat(tapWord(1, 15), "ben", ""); err != nil || h.tag(t).Missed != 2 {
		t.Errorf("after two unread taps: got %v, %d missed", err, h.tag(t).Missed)
	}
	if _, err := seat(tapWord(2, 1), "carl", ""); err != nil || h.tag(t).KeyVersion != 2 {
		t.Errorf("new keys begin anew: got %v, %+v", err, h.tag(t))
	}
}

func TestSignedTapRefused(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	for word, want := range map[string]string{
		"forged:x": "tap_invalid", "tap:04000000000080:1:99": "tag_unknown",
	} {
		if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: word, KeyHash: "k"}); edge.CodeOf(err) != want {
			t.Errorf("Seat(%s): got %v, want %s", word, err, want)
		}
	}
	if table, err := h.floor.TableOf(ctx, tapWord(1, 11)); err != nil || table.ID != h.table.ID || h.tag(t).Counter != 10 {
		t.Errorf("TableOf: got %s, %v, counter %d; want table 7 and nothing counted", table.Name, err, h.tag(t).Counter)
	}
	if err := h.floor.RetireTag(ctx, edge.System, tagNumber); err != nil {
		t.Fatal(err)
	}
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(1, 11), KeyHash: "k"}); edge.CodeOf(err) != "tag_retired" {
		t.Errorf("retired: got %v, want tag_retired", err)
	}
}

// TestNoTapCountsTwice brings messages in any order, some repeated: strangers are seated only by messages newer than all
// before.
func TestNoTapCountsTwice(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	rapid.Check(t, func(t *rapid.T) {
		highest := edge.SignedTap{Version: h.tag(t).KeyVersion, Counter: h.tag(t).Counter}
		for i, n := range rapid.SliceOfN(rapid.IntRange(-3, 4), 1, 8).Draw(t, "steps") {
			version := int(highest.Version) + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(t, "version")
			version = min(max(version, 0), 255)
			counter := max(int(highest.Counter)+n, 0)
			newer := version > int(highest.Version) || (version == int(highest.Version) && counter > int(highest.Counter))
			h.ids++
			_, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(version, counter), KeyHash: fmt.Sprint("stranger", h.ids, i)})
			if edge.CodeOf(err) == "too_many_guests" {
				t.Skip("the table is full")
			}
			if (err == nil) != newer {
				t.Fatalf("tap %d:%d after %d:%d: got %v", version, counter, highest.Version, highest.Counter, err)
			}
			if newer {
				highest.Version, highest.Counter = byte(version), uint32(counter)
			}
		}
	})
}
