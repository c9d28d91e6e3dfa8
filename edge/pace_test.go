package edge_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
)

func TestEffectivePaceIsTheStricter(t *testing.T) {
	at := evening
	in := func(d time.Duration) time.Time { return at.Add(d) }
	slow := func(channel string, delay int, until time.Time) edge.Pace {
		return edge.Pace{Channel: channel, State: edge.PaceSlow, Delay: delay, Until: until}
	}
	paused := func(channel string, until time.Time) edge.Pace {
		return edge.Pace{Channel: channel, State: edge.PacePaused, Until: until}
	}
	forever := time.Time{}
	tests := map[string]struct {
		paces []edge.Pace
		want  edge.Pace
	}{
		"nothing":                   {nil, edge.Pace{Channel: "web", State: edge.PaceOpen}},
		"another channel":           {[]edge.Pace{paused("telegram", forever)}, edge.Pace{Channel: "web", State: edge.PaceOpen}},
		"its own":                   {[]edge.Pace{slow("web", 600, forever)}, slow("web", 600, forever)},
		"all":                       {[]edge.Pace{slow("all", 600, forever)}, slow("web", 600, forever)},
		"open again":                {[]edge.Pace{{Channel: "web", State: edge.PaceOpen}}, edge.Pace{Channel: "web", State: edge.PaceOpen}},
		"open itself, all slow":     {[]edge.Pace{slow("all", 60, forever), {Channel: "web", State: edge.PaceOpen}}, slow("web", 60, forever)},
		"a moment before the end":   {[]edge.Pace{paused("web", in(time.Millisecond))}, paused("web", in(time.Millisecond))},
		"at the end":                {[]edge.Pace{paused("web", at)}, edge.Pace{Channel: "web", State: edge.PaceOpen}},
		"paused before slow":        {[]edge.Pace{slow("all", 600, forever), paused("web", in(time.Hour))}, paused("web", in(time.Hour))},
		"paused before slow, other": {[]edge.Pace{paused("all", in(time.Hour)), slow("web", 600, forever)}, paused("web", in(time.Hour))},
		"the longer delay":          {[]edge.Pace{slow("all", 900, in(time.Hour)), slow("web", 600, forever)}, slow("web", 900, in(time.Hour))},
		"the longer delay, own":     {[]edge.Pace{slow("all", 60, forever), slow("web", 600, in(time.Hour))}, slow("web", 600, in(time.Hour))},
		"paused twice, the longer":  {[]edge.Pace{paused("all", in(time.Hour)), paused("web", in(time.Minute))}, paused("web", in(time.Hour))},
		"paused twice, one by hand": {[]edge.Pace{paused("all", forever), paused("web", in(time.Minute))}, paused("web", forever)},
		"by hand after one that ends": {
			[]edge.Pace{paused("all", in(time.Minute)), paused("web", forever)}, paused("web", forever),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, edge.Effective(test.paces, "web", at)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSetPace(t *testing.T) {
	h := newHouse(t)
	channels := []string{"web", "telegram"}
	until := h.now.Add(time.Hour)
	tests := []struct {
		name string
		pace edge.Pace
		code string // of the refusal
		want edge.Pace
	}{
		{"slow", edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: 60, Until: until}, "", edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: 60, Until: until}},
		{"slowest", edge.Pace{Channel: "all", State: edge.PaceSlow, Delay: 7200}, "", edge.Pace{Channel: "all", State: edge.PaceSlow, Delay: 7200}},
		{"paused takes no delay", edge.Pace{Channel: "telegram", State: edge.PacePaused, Delay: 60}, "", edge.Pace{Channel: "telegram", State: edge.PacePaused}},
		{"open takes no end", edge.Pace{Channel: "web", State: edge.PaceOpen, Until: until}, "", edge.Pace{Channel: "web", State: edge.PaceOpen}},
		{"too short", edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: 59}, "quantity_invalid", edge.Pace{}},
		{"too long", edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: 7201}, "quantity_invalid", edge.Pace{}},
		{"backwards", edge.Pace{Channel: "web", State: edge.PaceSlow, Delay: -60}, "quantity_invalid", edge.Pace{}},
		{"no such state", edge.Pace{Channel: "web", State: "frantic"}, "pace_unknown", edge.Pace{}},
		{"no state", edge.Pace{Channel: "web"}, "pace_unknown", edge.Pace{}},
		{"over already", edge.Pace{Channel: "web", State: edge.PacePaused, Until: h.now}, "until_past", edge.Pace{}},
		{"no such channel", edge.Pace{Channel: "fax", State: edge.PacePaused}, "channel_unknown", edge.Pace{}},
	}
	for _, test := range tests {
		if test.code != "" {
			h.refused(t, test.code, func() error { _, err := h.kitchen.SetPace(ctx, "staff", test.pace, channels); return err })
			continue
		}
		before := h.seq(t)
		seq, err := h.kitchen.SetPace(ctx, "staff", test.pace, channels)
		if err != nil || seq != before+1 || h.events(t, before)[edge.ChannelPaced] != 1 {
			t.Errorf("%s: got seq %d, %v; want %d", test.name, seq, err, before+1)
		}
		if diff := cmp.Diff(test.want, h.paces(t)[test.pace.Channel]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func (h *house) paces(t *testing.T) map[string]edge.Pace {
	t.Helper()
	byChannel := map[string]edge.Pace{}
	err := h.store.Read(ctx, func(view edge.View) error {
		paces, err := view.Paces()
		for _, p := range paces {
			byChannel[p.Channel] = p
		}
		return err
	})
	if err != nil {
		t.Fatalf("Paces: %v", err)
	}
	return byChannel
}

func TestSlowOrdersAreFiredLater(t *testing.T) {
	tests := map[string]struct {
		coursing edge.Coursing
		items    []string
		want     []plate
	}{
		"without courses":                   {edge.Coursing{}, []string{"soup", "bread"}, []plate{{"grill", 0, held, 10 * time.Minute}, {"bar", 0, held, 10 * time.Minute}}},
		"one course where courses are held": {byHand, []string{"soup"}, []plate{{"grill", 0, held, 10 * time.Minute}}},
		"the first course":                  {byHand, []string{"soup", "steak"}, []plate{{"grill", 1, held, 10 * time.Minute}, {"grill", 2, held, 0}}},
		"and what comes after it": {
			edge.Coursing{Hold: true, Next: edge.NextWhenFired, Delay: 15 * time.Minute},
			[]string{"soup", "steak", "cake"},
			[]plate{{"grill", 1, held, 10 * time.Minute}, {"grill", 2, held, 25 * time.Minute}, {"bar", 3, held, 0}},
		},
		"ready together": {
			edge.Coursing{Together: true},
			[]string{"soup", "olives"},
			[]plate{{"grill", 0, held, 10 * time.Minute}, {"bar", 0, held, 14 * time.Minute}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newDinner(t, test.coursing)
			h.slow(t, "web", 600)
			id := h.supper(t, test.items...)
			if diff := cmp.Diff(test.want, h.plates(t, id), cmp.Options{sorted}); diff != "" {
				t.Errorf("tickets (-want +got):\n%s", diff)
			}
			h.pass(t, 10*time.Minute)
			if first := h.at(t, id, "grill", test.want[0].Course); first.State != sent || !first.Fired.Equal(h.now) {
				t.Errorf("after ten minutes: got %s, fired %s", first.State, first.Fired)
			}
		})
	}
}

func TestPaceOfTheChannelCounts(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	guest := h.seat(t, recentCode, "a").Guest.ID
	place := func(channel string) (edge.Receipt, error) {
		req := h.request(guest, h.key(), burger)
		req.Channel = channel
		return h.floor.Place(ctx, req)
	}
	set := func(channel string, state edge.PaceState, until time.Time) {
		t.Helper()
		h.do(t, func() (int64, error) {
			return h.kitchen.SetPace(ctx, "staff", edge.Pace{Channel: channel, State: state, Until: until}, []string{"web", "telegram"})
		})
	}
	set("web", edge.PacePaused, h.now.Add(time.Hour))
	h.refused(t, "ordering_paused", func() error { _, err := place(""); return err })
	if _, err := place("telegram"); err != nil {
		t.Errorf("the other channel: %v", err)
	}
	h.now = h.now.Add(time.Hour)
	receipt, err := place("web")
	if err != nil {
		t.Errorf("when the pause is over: %v", err)
	}
	set(edge.AllChannels, edge.PacePaused, time.Time{})
	h.refused(t, "ordering_paused", func() error { _, err := place("telegram"); return err })
	if _, err := h.floor.ReceiptOf(ctx, guest, "nothing"); edge.CodeOf(err) != "key_unknown" {
		t.Errorf("a key that was never used: %v", err)
	}
	// What was placed before is answered as before, and staff may accept what waits.
	again := h.request(guest, "before-the-pause", burger)
	set(edge.AllChannels, edge.PaceOpen, time.Time{})
	first, err := h.floor.Place(ctx, again)
	if err != nil {
		t.Fatalf("Place: %v", err)
	}
	waiting := h.place(t, h.seat(t, printedWord, "b").Guest.ID, "w", burger)
	set(edge.AllChannels, edge.PacePaused, time.Time{})
	if second, err := h.floor.Place(ctx, again); err != nil || second.Order != first.Order || !second.Repeated {
		t.Errorf("the same key while paused: got %+v, %v", second, err)
	}
	if err := h.floor.Accept(ctx, "staff", waiting.Order); err != nil {
		t.Errorf("accepting while paused: %v", err)
	}
	if receipt.Order == "" || h.at(t, waiting.Order, "grill", 0).State != sent {
		t.Error("what was accepted while paused is not in the kitchen")
	}
}

func TestAcceptingWhileSlow(t *testing.T) {
	h := newDinner(t, edge.Coursing{})
	id := h.place(t, h.seat(t, printedWord, "a").Guest.ID, "k", burger).Order
	h.slow(t, edge.AllChannels, 300)
	if err := h.floor.Accept(ctx, "staff", id); err != nil {
		t.Fatalf("Accept: %v", err)
	}
	if got := h.at(t, id, "grill", 0); got.State != held || !got.FireAt.Equal(h.now.Add(5*time.Minute)) {
		t.Errorf("got %s at %s, want held for five minutes", got.State, got.FireAt)
	}
}
