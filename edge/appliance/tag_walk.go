package appliance

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// TagWalk goes from table to table and sets up the tag that is held to a reader at each. A tag is left alone once its work
// has begun, whatever is pressed; a tag that did not end well is tried again when it comes again.
type TagWalk struct {
	options WalkOptions

	mu sync.Mutex
	// All below is guarded by mu.
	state api.Provision
	// move is the tag that may be taken from its table.
	move string
	// asked is the tag that is worked on, and arrival the last card that was.
	asked   string
	arrival uint64
	// cancel ends the waiting for a card; nil when nobody waits, also while a card is worked on.
	cancel context.CancelFunc
	ended  bool
}

// WalkOptions are what a walk needs.
type WalkOptions struct {
	Work  TagWork // Table and Move are the walk's
	Order api.ProvisionOrder
	// Tables are the tables in order.
	Tables []edge.Table
	// Next hands over the next card that arrives after an arrival, as [nfc.Supervisor.DoNext] does.
	Next func(ctx context.Context, after uint64, work func(context.Context, nfc.Card) error) (uint64, error)
	// Changed is called after every change, from any goroutine and without locks; it may look at the state.
	Changed func()
	// Done is called after every tag that ended well.
	Done func(TagOutcome)
}

// NewTagWalk prepares a walk; Run walks it.
func NewTagWalk(options WalkOptions) *TagWalk {
	w := &TagWalk{options: options}
	w.state = api.Provision{Phase: api.PhaseWaiting, Items: []api.ProvisionItem{}, Since: time.Now()}
	for _, table := range options.Tables {
		w.state.Items = append(w.state.Items, api.ProvisionItem{TableID: table.ID, Table: table.Name, State: api.StepOpen})
	}
	return w
}

// State is how the walk is doing.
func (w *TagWalk) State() api.Provision {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.state
	out.Items = slices.Clone(out.Items)
	return out
}

// errTurned ends the waiting for a card because something was pressed.
var errTurned = errors.New("something else is to be done")

// Run walks until every table is done or skipped, it is stopped, or ctx ends. It returns ctx's error then, and else why no
// reader can be waited for.
func (w *TagWalk) Run(ctx context.Context) error {
	defer w.end()
	for {
		table, turn, ok := w.begin(ctx)
		if !ok {
			return ctx.Err()
		}
		err := w.step(turn, table)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && !errors.Is(err, errTurned) {
			return err
		}
	}
}

// begin finds the table whose turn it is; ok is false when none is left.
func (w *TagWalk) begin(ctx context.Context) (table api.ProvisionItem, turn context.Context, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || ctx.Err() != nil || w.state.Current >= len(w.state.Items) {
		return api.ProvisionItem{}, nil, false
	}
	turn, w.cancel = context.WithCancel(ctx)
	return w.state.Items[w.state.Current], turn, true
}

// step waits for one card and works on it. What went wrong with the card is part of the state, not an error.
func (w *TagWalk) step(ctx context.Context, item api.ProvisionItem) error {
	w.mu.Lock()
	after, cancel := w.arrival, w.cancel
	w.mu.Unlock()
	defer cancel()
	worked := false
	var outcome TagOutcome
	var failed error
	arrival, err := w.options.Next(ctx, after, func(_ context.Context, card nfc.Card) error {
		if !w.take(ctx) {
			return errTurned
		}
		worked = true
		// The press that ends the waiting must not tear the tag: only the end of all does.
		outcome, failed = w.work(ctx, card, item)
		return failed
	})
	if !worked {
		if err == nil || errors.Is(err, context.Canceled) {
			err = errTurned
		}
		return w.missed(err, arrival)
	}
	if failed == nil {
		failed = err
	}
	w.settle(arrival, outcome, failed)
	return nil
}

// take begins the work on a card, unless something was pressed in the last instant.
func (w *TagWalk) take(ctx context.Context) bool {
	w.mu.Lock()
	if ctx.Err() != nil || w.ended {
		w.mu.Unlock()
		return false
	}
	w.cancel = nil
	w.state.Phase, w.state.Trouble, w.state.Asked = api.PhaseWorking, nil, ""
	w.mu.Unlock()
	w.options.Changed()
	return true
}

func (w *TagWalk) work(ctx context.Context, card nfc.Card, item api.ProvisionItem) (TagOutcome, error) {
	work := w.options.Work
	work.Table, work.Replace = item.TableID, w.options.Order.Again
	work.Unprotected, work.Copies = w.options.Order.Unprotected, w.options.Order.Copies
	plain := work.Desk
	work.Desk = movingDesk{plain, func(uid string) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = uid
		return w.move == uid
	}}
	return work.Do(ctx, card)
}

// movingDesk agrees to take the one tag from its table that a person agreed to.
type movingDesk struct {
	TagDesk
	agreed func(uid string) bool
}

// PlanTag implements [TagDesk].
func (d movingDesk) PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error) {
	wish.Move = d.agreed(wish.UID)
	return d.TagDesk.PlanTag(ctx, wish)
}

// missed keeps what was wrong with a card that could not even be opened.
func (w *TagWalk) missed(err error, arrival uint64) error {
	w.mu.Lock()
	w.cancel = nil
	show := !errors.Is(err, errTurned)
	if show {
		w.arrival = max(w.arrival, arrival)
		trouble := ExplainTag(err)
		w.state.Trouble = &trouble
	}
	w.mu.Unlock()
	if show {
		w.options.Changed()
		return nil
	}
	return err
}

// settle keeps what became of a card.
func (w *TagWalk) settle(arrival uint64, outcome TagOutcome, failed error) {
	w.mu.Lock()
	w.arrival, w.move = arrival, ""
	w.state.Phase = api.PhaseWaiting
	if failed != nil {
		trouble := ExplainTag(failed)
		w.state.Trouble = &trouble
		if trouble.Code == "tag_elsewhere" {
			w.state.Phase, w.state.Asked = api.PhaseAsking, w.asked
		}
	} else {
		item := &w.state.Items[w.state.Current]
		item.State, item.UID, item.Chip, item.Protected = api.StepDone, outcome.Tag.UID, outcome.Tag.Chip, outcome.Tag.Protected
		w.state.Trouble = nil
		w.advance()
	}
	w.mu.Unlock()
	if failed == nil && w.options.Done != nil {
		w.options.Done(outcome)
	}
	w.options.Changed()
}

// advance goes to the next open table behind the current one, or to the end. The caller holds mu.
func (w *TagWalk) advance() {
	w.state.Current++
	for w.state.Current < len(w.state.Items) && w.state.Items[w.state.Current].State != api.StepOpen {
		w.state.Current++
	}
}

// Refusals of presses.
var (
	errWorking  = edge.Refuse(edge.KindConflict, "tag_working", "A tag is being written. Please wait until it is done.")
	errNotAsked = edge.Refuse(edge.KindConflict, "not_asked", "Nothing was asked.")
	errNoWalk   = edge.Refuse(edge.KindConflict, "no_walk", "No tags are being set up.")
)

// Press does what somebody wants. While a tag is worked on only stopping is possible, and comes after that tag.
func (w *TagWalk) Press(press api.ProvisionPress) error {
	w.mu.Lock()
	err := w.press(press)
	cancel := w.cancel
	w.mu.Unlock()
	if err != nil {
		return err
	}
	if cancel != nil {
		cancel()
	}
	w.options.Changed()
	return nil
}

func (w *TagWalk) press(press api.ProvisionPress) error {
	if w.ended || w.state.Current >= len(w.state.Items) {
		return errNoWalk
	}
	if press == api.PressStop {
		w.ended = true
		return nil
	}
	if w.state.Phase == api.PhaseWorking {
		return errWorking
	}
	asking := w.state.Phase == api.PhaseAsking
	switch press {
	case api.PressSkip:
		w.state.Items[w.state.Current].State = api.StepSkipped
		w.advance()
	case api.PressBack:
		w.back()
	case api.PressYes, api.PressNo:
		if !asking {
			return errNotAsked
		}
		if press == api.PressYes {
			// The tag that still lies there counts once more.
			w.move, w.arrival = w.asked, w.arrival-1
		}
	default:
		return edge.Refuse(edge.KindInvalid, "press_unknown", "There is no such press.")
	}
	w.state.Phase, w.state.Trouble, w.state.Asked = api.PhaseWaiting, nil, ""
	return nil
}

// back makes the table before the current one open again.
func (w *TagWalk) back() {
	if w.state.Current == 0 {
		return
	}
	w.state.Current--
	w.state.Items[w.state.Current].State = api.StepOpen
}

func (w *TagWalk) end() {
	w.mu.Lock()
	w.ended, w.state.Phase, w.cancel = true, api.PhaseEnded, nil
	w.mu.Unlock()
	w.options.Changed()
}
