package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/appliance"
)

// walkTeller tells a terminal how a walk is doing, answers its questions where nobody can, and ends it when nothing comes.
type walkTeller struct {
	out, notes io.Writer
	json, keys bool
	wait       time.Duration

	walk  *appliance.TagWalk
	move  bool
	timer *time.Timer

	mu sync.Mutex
	// told is what was said last, and silent that no tag came for too long; both are guarded by mu, as is the writing.
	told   string
	silent bool
}

// begin tells the first table.
func (t *walkTeller) begin(walk *appliance.TagWalk, move bool) {
	t.walk, t.move = walk, move
	t.timer = time.AfterFunc(t.wait, func() {
		t.mu.Lock()
		t.silent = true
		t.mu.Unlock()
		_ = walk.Press(api.PressStop) // it refuses only when the walk has ended
	})
	t.changed()
}

// changed says what is new. A question that nobody can answer is answered.
func (t *walkTeller) changed() {
	state := t.walk.State()
	t.timer.Reset(t.wait)
	t.say(state)
	if state.Phase != api.PhaseAsking {
		return
	}
	switch {
	case t.move:
		go t.walk.Press(api.PressYes) //nolint:errcheck // it refuses only when somebody else has answered
	case !t.keys:
		t.note("  nobody can be asked; --move takes tags from their tables")
		go t.walk.Press(api.PressNo) //nolint:errcheck // it refuses only when somebody else has answered
	}
}

func (t *walkTeller) say(state api.Provision) {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := sayWalk(state)
	if text == "" || text == t.told {
		return
	}
	t.told = text
	fmt.Fprintln(t.notes, text)
}

// sayWalk words a moment of a walk.
func sayWalk(state api.Provision) string {
	if state.Current >= len(state.Items) {
		return ""
	}
	item := state.Items[state.Current]
	switch state.Phase {
	case api.PhaseWorking:
		return fmt.Sprintf("  table %s: keep the tag still…", item.Table)
	case api.PhaseAsking:
		return fmt.Sprintf("  %s Take it from there? (y/n)", state.Trouble.Text)
	case api.PhaseWaiting:
		if state.Trouble != nil {
			return fmt.Sprintf("  %s\n  %s", state.Trouble.Text, state.Trouble.Advice)
		}
		return fmt.Sprintf("Hold the tag for table %s to the reader (%d of %d)", item.Table, state.Current+1, len(state.Items))
	case api.PhaseIdle, api.PhaseEnded:
		return ""
	default:
		return ""
	}
}

// note prints a line between.
func (t *walkTeller) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(t.notes, text)
}

// doneLine is a tag that is done, for programs.
type doneLine struct {
	Table     string `json:"table"`
	UID       string `json:"uid"`
	Chip      string `json:"chip"`
	Signs     bool   `json:"signs"`
	Genuine   bool   `json:"genuine"`
	Protected bool   `json:"protected"`
	From      string `json:"from,omitempty"`
	URL       string `json:"url"`
}

// done tells of a tag that is done.
func (t *walkTeller) done(o appliance.TagOutcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.json {
		_ = json.NewEncoder(t.out).Encode(doneLine{o.Table, o.Tag.UID, o.Tag.Chip, o.Tag.Signs, o.Tag.Genuine, o.Tag.Protected, o.From, o.URL})
		return
	}
	locked := "protected"
	if !o.Tag.Protected {
		locked = "NOT protected"
	}
	from := ""
	if o.From != "" {
		from = ", taken from table " + o.From
	}
	fmt.Fprintf(t.out, "table %s: written, verified, %s: %s %s%s\n", o.Table, locked, o.Tag.Chip, o.Tag.UID, from)
}

// errTablesLeft says that a walk did not come to all tables.
var errTablesLeft = errors.New("some tables have no tag yet; the same command goes on there")

// end sums up.
func (t *walkTeller) end() error {
	t.timer.Stop()
	counts := map[api.ProvisionStep]int{}
	for _, item := range t.walk.State().Items {
		counts[item.State]++
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.silent {
		fmt.Fprintf(t.notes, "No tag came for %s.\n", t.wait)
	}
	if t.json {
		_ = json.NewEncoder(t.out).Encode(map[string]int{"done": counts[api.StepDone], "skipped": counts[api.StepSkipped], "left": counts[api.StepOpen]})
	} else {
		fmt.Fprintf(t.notes, "%d done, %d skipped, %d left.\n", counts[api.StepDone], counts[api.StepSkipped], counts[api.StepOpen])
	}
	if counts[api.StepOpen]+counts[api.StepSkipped] > 0 {
		return errTablesLeft
	}
	return nil
}
