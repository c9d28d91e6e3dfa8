package appliance_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// ask speaks with the device as its owner and gives the status; a refusal's code comes with it.
func (r *rig) ask(t testing.TB, method, path string, in, out any) (status int, code string) {
	t.Helper()
	return request(t, r.url, r.LocalKey(), method, path, in, out)
}

func request(t testing.TB, base, key, method, path string, in, out any) (status int, code string) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		var problem api.Problem
		_ = json.NewDecoder(answer.Body).Decode(&problem) // what is no problem has no code
		return answer.StatusCode, problem.Code
	}
	if out != nil {
		if err := json.NewDecoder(answer.Body).Decode(out); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return answer.StatusCode, ""
}

func (r *rig) walk(t testing.TB) api.Provision {
	t.Helper()
	var state api.Provision
	if status, code := r.ask(t, http.MethodGet, "/api/owner/provision", nil, &state); status != http.StatusOK {
		t.Fatalf("provision: %d %s", status, code)
	}
	return state
}

func (r *rig) press(t testing.TB, press api.ProvisionPress) {
	t.Helper()
	if status, code := r.ask(t, http.MethodPost, "/api/owner/provision/press", api.PressBody{Press: press}, nil); status != http.StatusOK {
		t.Fatalf("press %s: %d %s", press, status, code)
	}
}

// begin starts a walk through tables.
func (r *rig) begin(t *testing.T, order api.ProvisionOrder) {
	t.Helper()
	await(t, "a reader", func() bool { return r.walk(t).Ready })
	if status, code := r.ask(t, http.MethodPost, "/api/owner/provision", order, nil); status != http.StatusCreated {
		t.Fatalf("start: %d %s", status, code)
	}
}

// hold lays a card on the reader until the walk says good, and takes it away.
func (r *rig) hold(t *testing.T, what string, card nfc.Card, good func(api.Provision) bool) {
	t.Helper()
	r.reader.Put(card)
	await(t, what, func() bool { return good(r.walk(t)) })
	r.reader.Take()
}

// at is a walk that waits for the tag of the item with that index, without trouble.
func at(n int) func(api.Provision) bool {
	return func(p api.Provision) bool { return p.Current == n && p.Trouble == nil && p.Phase != api.PhaseWorking }
}

func troubled(code string) func(api.Provision) bool {
	return func(p api.Provision) bool { return p.Trouble != nil && p.Trouble.Code == code }
}

// phone reads a tag as a phone does.
func phone(t testing.TB, card nfc.Card) string {
	t.Helper()
	if err := card.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := nfc.ReadTag(t.Context(), card)
	if err != nil {
		t.Fatalf("ReadTag: %v", err)
	}
	return content.URI
}

// seat brings what a phone read to the device.
func (r *rig) seat(t testing.TB, url, attempt string) (api.SeatAnswer, string) {
	t.Helper()
	word := url[strings.LastIndex(url, "/")+1:]
	var answer api.SeatAnswer
	_, code := request(t, r.url, "", http.MethodPost, "/api/guest/seat", api.SeatBody{Token: word, Attempt: attempt}, &answer)
	return answer, code
}

func dna(last byte) *virtual.DNA {
	return virtual.NewDNA([7]byte{4, 0x51, 0x8D, 0xFA, 0xA9, 0x61, last}, virtual.DNAOptions{})
}

func ntag(last byte) *virtual.NTAG {
	return virtual.NewNTAG(virtual.NTAG215, [7]byte{4, 0x22, 0x33, 0x44, 0x55, 0x66, last})
}

// TestRoomIsSetUp walks through a room with tags of both chips, one torn, one wrong, one that belongs elsewhere, and seats
// guests by what their phones then read.
func TestRoomIsSetUp(t *testing.T) {
	r := start(t, defaults(t))
	var ids []edge.ID
	for _, name := range []string{"1", "2", "3", "Bar"} {
		ids = append(ids, r.table(t, name).ID)
	}
	r.begin(t, api.ProvisionOrder{Tables: ids, Copies: true})
	if status, code := r.ask(t, http.MethodPost, "/api/owner/provision", api.ProvisionOrder{Tables: ids}, nil); code != "walk_runs" {
		t.Errorf("a second walk: %d %s", status, code)
	}
	if _, err := appliance.HoldBench(r.settings); err == nil {
		t.Error("another program may write tags during the walk")
	}

	one, two, bar := dna(1), ntag(2), dna(3)
	one.TearAfter(30, true)
	r.hold(t, "the torn tag is told", one, troubled("torn"))
	one.Return()
	r.hold(t, "table 1", one, at(1))
	r.hold(t, "a phone is told", virtual.Phone{UID: [4]byte{8, 1, 2, 3}}, troubled("phone"))
	r.hold(t, "an old kind is told", virtual.NewType4([]byte{4, 9, 9, 9, 9, 9, 9}, nil), troubled("unsupported"))
	r.hold(t, "table 2", two, at(2))
	r.hold(t, "the question", one, func(p api.Provision) bool { return p.Phase == api.PhaseAsking && p.Asked == "04518DFAA96101" })
	r.press(t, api.PressNo)
	r.press(t, api.PressSkip)
	r.hold(t, "the walk's end", bar, func(p api.Provision) bool { return p.Phase == api.PhaseEnded })
	if len(r.sessions(t)) > 0 {
		t.Error("a tag that was set up was taken for a guest's tap")
	}

	for card, table := range map[nfc.Card]string{one: "1", two: "2", bar: "Bar"} {
		url := phone(t, card)
		seated, code := r.seat(t, url, "page-"+table)
		if code != "" || seated.View.Table.Name != table {
			t.Errorf("table %s by %s: got %q, %s", table, url, seated.View.Table.Name, code)
		}
		if _, again := r.seat(t, url, "thief"); again != "tap_replayed" && card != nfc.Card(two) {
			t.Errorf("table %s, the same tap again: got %q, want tap_replayed", table, again)
		}
	}
	var tags api.OwnerTags
	r.ask(t, http.MethodGet, "/api/owner/tags", nil, &tags)
	for _, got := range tags.Tags {
		if !got.Tag.Protected || len(got.Tag.History) != 1 || got.Tag.Token != "" {
			t.Errorf("tag of table %s: %+v", got.Table.Name, got.Tag)
		}
		if got.Tag.Signs && (got.Tag.Taps != 1 || got.Tag.Replays != 1) {
			t.Errorf("tag of table %s: %d taps, %d replays; want one of each", got.Table.Name, got.Tag.Taps, got.Tag.Replays)
		}
	}
	if len(tags.Tags) != 3 {
		t.Errorf("the register has %d tags, want 3", len(tags.Tags))
	}
}

func TestTagMovesWhenAgreed(t *testing.T) {
	r := start(t, defaults(t))
	one, two := r.table(t, "1"), r.table(t, "2")
	card := ntag(1)
	r.begin(t, api.ProvisionOrder{Tables: []edge.ID{one.ID}})
	r.hold(t, "table 1", card, func(p api.Provision) bool { return p.Phase == api.PhaseEnded })
	old := phone(t, card)
	r.begin(t, api.ProvisionOrder{Tables: []edge.ID{one.ID, two.ID}})
	if items := r.walk(t).Items; len(items) != 1 || items[0].Table != "2" {
		t.Fatalf("the walk goes to %+v, want to table 2 alone: 1 has its tag", items)
	}
	r.reader.Put(card)
	await(t, "the question", func() bool { return r.walk(t).Phase == api.PhaseAsking })
	r.press(t, api.PressYes) // the tag still lies there
	await(t, "the move", func() bool { return r.walk(t).Phase == api.PhaseEnded })
	if seated, code := r.seat(t, phone(t, card), ""); seated.View.Table.Name != "2" {
		t.Errorf("after the move: got table %q, %s", seated.View.Table.Name, code)
	}
	if _, code := r.seat(t, old, ""); code != "token_unknown" {
		t.Errorf("the old address: got %q, want token_unknown", code)
	}
}

func TestSignedTagAtTheHousesReader(t *testing.T) {
	r := start(t, defaults(t))
	card := dna(1)
	r.begin(t, api.ProvisionOrder{Tables: []edge.ID{r.table(t, "1").ID}, Copies: true})
	r.hold(t, "table 1", card, func(p api.Provision) bool { return p.Phase == api.PhaseEnded })
	// The reader is given back and takes taps again; the tag has been away long enough to be another tap.
	await(t, "the bench is free", func() bool {
		release, err := appliance.HoldBench(r.settings)
		return err == nil && release() == nil
	})
	await(t, "a session", func() bool {
		r.reader.Put(card)
		defer r.reader.Take()
		ok := false
		for range 20 {
			if ok = len(r.sessions(t)) == 1; ok {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		return ok
	})
	if session := r.sessions(t)[0]; session.Table != "1" || session.Presence != edge.PresenceProven {
		t.Errorf("the tap opened %+v, want table 1, proven", session)
	}
}

func TestKeysThatWereLost(t *testing.T) {
	settings := defaults(t)
	r := start(t, settings)
	one, two := r.table(t, "1"), r.table(t, "2")
	r.begin(t, api.ProvisionOrder{Tables: []edge.ID{one.ID}, Copies: true})
	card := dna(1)
	r.hold(t, "table 1", card, func(p api.Provision) bool { return p.Phase == api.PhaseEnded })
	path := appliance.TagSecretPath(settings)
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	order := api.ProvisionOrder{Tables: []edge.ID{two.ID}}
	if _, code := r.ask(t, http.MethodPost, "/api/owner/provision", order, nil); code != "tag_keys" {
		t.Errorf("without keys: got %q, want tag_keys", code)
	}
	if _, code := r.seat(t, phone(t, card), ""); code != "tap_invalid" {
		t.Errorf("a tap without keys: got %q, want tap_invalid", code)
	}
	if err := os.WriteFile(path, []byte("1 "+strings.Repeat("5A", 16)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, code := r.ask(t, http.MethodPost, "/api/owner/provision", order, nil); code != "tag_keys" {
		t.Errorf("with other keys: got %q, want tag_keys", code)
	}
	if err := os.WriteFile(path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	if seated, code := r.seat(t, phone(t, card), ""); seated.View.Table.Name != "1" {
		t.Errorf("with the keys back: got %q, %s", seated.View.Table.Name, code)
	}
}
