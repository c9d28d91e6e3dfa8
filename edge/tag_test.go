package edge_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

const otherTag = "04AABBCCDDEE81"

var wordSeven, wordEight = "word-on-tag-seven-1", "word-on-tag-eight-1"

func (h *house) tagOf(t tb, uid string) edge.Tag {
	t.Helper()
	var tag edge.Tag
	err := h.store.Read(ctx, func(v edge.View) (err error) { tag, err = v.Tag(uid); return err })
	if err != nil {
		t.Fatalf("Tag(%s): %v", uid, err)
	}
	return tag
}

func (h *house) another(t tb, name string) edge.Table {
	t.Helper()
	tables, err := h.floor.AddTables(ctx, "owner", []edge.Table{{Name: name}})
	if err != nil {
		t.Fatalf("AddTables: %v", err)
	}
	return tables[0]
}

func (h *house) provision(t tb, result edge.TagResult) edge.Tag {
	t.Helper()
	tag, err := h.floor.ProvisionTag(ctx, "owner", result)
	if err != nil {
		t.Fatalf("ProvisionTag(%+v): %v", result, err)
	}
	return tag
}

// whats lists a tag's history.
func whats(tag edge.Tag) (out []edge.EventKind) {
	for _, entry := range tag.History {
		out = append(out, entry.What)
	}
	return out
}

func TestTagThatSignsLivesItsLife(t *testing.T) {
	h := newHouse(t)
	h.floor.Prove(signing{})
	eight := h.another(t, "8")
	wish := edge.TagWish{UID: tagNumber, TableID: h.table.ID, Signs: true}
	if plan, err := h.floor.PlanTag(ctx, "owner", wish); err != nil || plan.Word != "" || plan.Version != 0 {
		t.Fatalf("PlanTag: got %+v, %v", plan, err)
	}
	h.provision(t, edge.TagResult{UID: tagNumber, TableID: h.table.ID, Signs: true, Version: 1, Counter: 2, Chip: "ntag424", Protected: true})
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(1, 2), KeyHash: "a"}); edge.CodeOf(err) != "tap_replayed" {
		t.Errorf("the message read while it was set up: got %v, want tap_replayed", err)
	}
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(1, 3), KeyHash: "a"}); err != nil {
		t.Errorf("the first tap: %v", err)
	}

	wish.TableID = eight.ID
	if _, err := h.floor.PlanTag(ctx, "owner", wish); edge.CodeOf(err) != "tag_elsewhere" {
		t.Errorf("the same tag for another table: got %v, want to be asked", err)
	}
	if _, err := h.floor.MoveTag(ctx, "owner", tagNumber, eight.ID); err != nil {
		t.Fatalf("MoveTag: %v", err)
	}
	if seated, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(1, 4), KeyHash: "b"}); err != nil || seated.Table.ID != eight.ID {
		t.Errorf("after the move: got %s, %v; want table 8", seated.Table.Name, err)
	}
	if _, err := h.floor.LoseTag(ctx, "owner", tagNumber); err != nil {
		t.Fatalf("LoseTag: %v", err)
	}
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: tapWord(1, 5), KeyHash: "c"}); edge.CodeOf(err) != "tag_retired" {
		t.Errorf("lost: got %v, want tag_retired", err)
	}
	if tag, err := h.floor.FindTag(ctx, "owner", tagNumber); err != nil || tag.Lost || tag.Retired {
		t.Fatalf("FindTag: %+v, %v", tag, err)
	}
	if _, err := h.floor.EraseTag(ctx, "owner", tagNumber, 4); err != nil {
		t.Fatalf("EraseTag: %v", err)
	}
	if _, err := h.floor.FindTag(ctx, "owner", tagNumber); edge.CodeOf(err) != "tag_erased" {
		t.Errorf("found after it was erased: got %v, want tag_erased", err)
	}
	if plan, err := h.floor.PlanTag(ctx, "owner", wish); err != nil || plan.Version != 5 {
		t.Errorf("an erased tag comes back: got version %d, %v; want 5", plan.Version, err)
	}
	want := []edge.EventKind{edge.TagProvisioned, edge.TagMoved, edge.TagLost, edge.TagFound, edge.TagErased}
	if diff := cmp.Diff(want, whats(h.tagOf(t, tagNumber))); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestTagWithATokenLivesItsLife(t *testing.T) {
	h := newHouse(t)
	eight := h.another(t, "8")
	wish := edge.TagWish{UID: tagNumber, TableID: h.table.ID, Word: wordSeven}
	for range 2 { // the second time the first was cut short
		if plan, err := h.floor.PlanTag(ctx, "owner", wish); err != nil || plan.Word != wordSeven {
			t.Fatalf("PlanTag: got %+v, %v", plan, err)
		}
		wish.Word = "another-word-for-seven"
	}
	h.provision(t, edge.TagResult{UID: tagNumber, TableID: h.table.ID, Word: wordSeven, Chip: "ntag213"})
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: wordSeven, KeyHash: "a"}); err != nil {
		t.Errorf("the written word: %v", err)
	}
	if _, err := h.floor.MoveTag(ctx, "owner", tagNumber, eight.ID); edge.CodeOf(err) != "tag_rewrite" {
		t.Errorf("MoveTag: got %v, want tag_rewrite", err)
	}

	moving := edge.TagWish{UID: tagNumber, TableID: eight.ID, Word: wordEight, Move: true}
	if plan, err := h.floor.PlanTag(ctx, "owner", moving); err != nil || plan.From != "7" || plan.Word != wordEight {
		t.Fatalf("PlanTag to 8: got %+v, %v", plan, err)
	}
	h.provision(t, edge.TagResult{UID: tagNumber, TableID: eight.ID, Word: wordEight, Chip: "ntag213"})
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: wordSeven, KeyHash: "b"}); edge.CodeOf(err) != "token_unknown" {
		t.Errorf("the word of the old table: got %v, want token_unknown", err)
	}

	if _, err := h.floor.PlanTag(ctx, "owner", edge.TagWish{UID: otherTag, TableID: eight.ID, Word: "second-word-for-eight"}); err != nil {
		t.Fatal(err)
	}
	h.provision(t, edge.TagResult{UID: otherTag, TableID: eight.ID, Word: "second-word-for-eight", Chip: "ntag215", Replace: true})
	if _, err := h.floor.Seat(ctx, edge.SeatRequest{Token: wordEight, KeyHash: "b"}); edge.CodeOf(err) != "token_unknown" {
		t.Errorf("the replaced tag's word: got %v, want token_unknown", err)
	}
	if tag := h.tagOf(t, tagNumber); tag.Replaced != otherTag || !tag.Retired {
		t.Errorf("the replaced tag: %+v", tag)
	}
	if _, err := h.floor.FindTag(ctx, "owner", tagNumber); err != nil {
		t.Fatalf("FindTag: %v", err)
	}
	if seated, err := h.floor.Seat(ctx, edge.SeatRequest{Token: wordEight, KeyHash: "b"}); err != nil || seated.Table.ID != eight.ID {
		t.Errorf("found again: got %+v, %v", seated.Table, err)
	}
	want := []edge.EventKind{edge.TagProvisioned, edge.TagMoved, edge.TagReplaced, edge.TagFound}
	if diff := cmp.Diff(want, whats(h.tagOf(t, tagNumber))); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestTagPlansRefused(t *testing.T) {
	h := newHouse(t)
	retired := h.another(t, "9")
	retired.Retired = true
	if err := h.floor.ChangeTable(ctx, "owner", retired); err != nil {
		t.Fatal(err)
	}
	if err := h.floor.EnrolTag(ctx, "owner", edge.Tag{UID: otherTag, TableID: h.table.ID, Kind: edge.TagPuck}); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		wish edge.TagWish
		code string
	}{
		"phone":         {edge.TagWish{UID: "08112233", TableID: h.table.ID, Signs: true}, "uid_random"},
		"no number":     {edge.TagWish{UID: "zz", TableID: h.table.ID, Signs: true}, "uid_invalid"},
		"no word":       {edge.TagWish{UID: tagNumber, TableID: h.table.ID}, "token_invalid"},
		"retired table": {edge.TagWish{UID: tagNumber, TableID: retired.ID, Signs: true}, "table_retired"},
		"puck":          {edge.TagWish{UID: otherTag, TableID: h.table.ID, Signs: true}, "tag_other_kind"},
	}
	for name, test := range tests {
		if _, err := h.floor.PlanTag(ctx, "owner", test.wish); edge.CodeOf(err) != test.code {
			t.Errorf("%s: got %v, want %s", name, err, test.code)
		}
	}
	for name, result := range map[string]edge.TagResult{
		"token of another table": {UID: tagNumber, TableID: h.another(t, "10").ID, Word: printedWord},
		"token and signature":    {UID: tagNumber, TableID: h.table.ID, Word: printedWord, Signs: true},
	} {
		if tag, err := h.floor.ProvisionTag(ctx, "owner", result); edge.CodeOf(err) == "" {
			t.Errorf("%s: got %+v, %v, want a refusal", name, tag, err)
		}
	}
}

func TestTapAtTheHousesReader(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	if _, err := h.floor.OpenByTap(ctx, tapWord(1, 11), otherTag, "reader"); edge.CodeOf(err) != "tap_invalid" {
		t.Errorf("the message of another tag: got %v, want tap_invalid", err)
	}
	if table, err := h.floor.OpenByTap(ctx, tapWord(1, 11), tagNumber, "reader"); err != nil || table.ID != h.table.ID {
		t.Fatalf("OpenByTap: got %+v, %v", table, err)
	}
	if _, err := h.floor.OpenByTap(ctx, tapWord(1, 11), tagNumber, "reader"); edge.CodeOf(err) != "tap_replayed" {
		t.Errorf("an old message: got %v, want tap_replayed", err)
	}
	if _, err := h.floor.OpenByTap(ctx, "forged:1", tagNumber, "reader"); edge.CodeOf(err) != "tap_invalid" {
		t.Errorf("a forged message: got %v, want tap_invalid", err)
	}
	if tag := h.tag(t); tag.Taps != 1 || tag.Replays != 1 || tag.Counter != 11 {
		t.Errorf("tag = %+v, want one tap and one replay", tag)
	}
}

func TestTornTagIsCounted(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	for _, mark := range []edge.SignedTap{{UID: tagNumber, Version: 2, Counter: 5}, {UID: tagNumber, Version: 1, Counter: 99}, {UID: otherTag, Version: 1}} {
		if err := h.floor.TagReached(ctx, mark); err != nil {
			t.Fatalf("TagReached(%+v): %v", mark, err)
		}
	}
	if tag := h.tag(t); tag.KeyVersion != 2 || tag.Counter != 5 {
		t.Errorf("tag counted to %d/%d, want 2/5", tag.KeyVersion, tag.Counter)
	}
}

// TestTagsNeverForgetTheirCount does anything to two tags in any order: what a tag has counted never goes down, a
// history stays short, and a tag out of use opens nothing.
func TestTagsNeverForgetTheirCount(t *testing.T) {
	h := newHouse(t)
	h.floor.Prove(signing{})
	tables := []edge.Table{h.table, h.another(t, "8")}
	rapid.Check(t, func(t *rapid.T) {
		uid := rapid.SampledFrom([]string{tagNumber, otherTag}).Draw(t, "uid")
		table := rapid.SampledFrom(tables).Draw(t, "table").ID
		version := rapid.ByteRange(0, 200).Draw(t, "version")
		var before edge.Tag
		err := h.store.Read(ctx, func(v edge.View) error {
			tag, err := v.Tag(uid)
			before = tag
			if errors.Is(err, edge.ErrNotFound) {
				return nil
			}
			return err
		})
		if err != nil {
			t.Fatalf("Tag: %v", err)
		}
		switch rapid.IntRange(0, 6).Draw(t, "deed") {
		case 0:
			_, err = h.floor.ProvisionTag(ctx, "owner", edge.TagResult{
				UID: uid, TableID: table, Signs: true, Version: version, Replace: rapid.Bool().Draw(t, "replace"),
			})
		case 1:
			_, err = h.floor.MoveTag(ctx, "owner", uid, table)
		case 2:
			_, err = h.floor.LoseTag(ctx, "owner", uid)
		case 3:
			_, err = h.floor.FindTag(ctx, "owner", uid)
		case 4:
			_, err = h.floor.EraseTag(ctx, "owner", uid, version)
		case 5:
			err = h.floor.EnrolTag(ctx, "owner", edge.Tag{UID: uid, TableID: table, Kind: edge.TagTable})
		default:
			err = h.floor.RetireTag(ctx, "owner", uid)
		}
		if before.UID == "" && err != nil {
			return
		}
		if err != nil {
			allow(t, err)
		}
		after := h.tagOf(t, uid)
		if after.KeyVersion < before.KeyVersion || (after.KeyVersion == before.KeyVersion && after.Counter < before.Counter) {
			t.Fatalf("counted from %d/%d down to %d/%d", before.KeyVersion, before.Counter, after.KeyVersion, after.Counter)
		}
		if len(after.History) > 30 || (after.Lost || after.Replaced != "" || after.Erased) && !after.Retired {
			t.Fatalf("tag = %+v", after)
		}
		h.now = h.now.Add(time.Second)
	})
}

// TestErasedTagNeverGetsItsOldKeysAgain, not even after it was a puck in between.
func TestErasedTagNeverGetsItsOldKeysAgain(t *testing.T) {
	h := newHouse(t)
	h.signedTag(t)
	if _, err := h.floor.EraseTag(ctx, "owner", tagNumber, 1); err != nil {
		t.Fatalf("EraseTag: %v", err)
	}
	if err := h.floor.EnrolTag(ctx, "owner", edge.Tag{UID: tagNumber, TableID: h.table.ID, Kind: edge.TagPuck}); err != nil {
		t.Fatalf("EnrolTag: %v", err)
	}
	if tag := h.tag(t); tag.KeyVersion != 2 || tag.Counter != 0 {
		t.Errorf("tag = %+v, want the next version of keys", tag)
	}
}
