package appliance

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

// clerk is a desk that gives what it is told to, and a reader to which cards come.
type clerk struct {
	keys  *TagKeys
	owner map[string]edge.ID // of tags
	cards chan nfc.Card
	seq   uint64
	// hold, when it is not nil, keeps the desk from answering until it is closed.
	hold chan struct{}
}

func (c *clerk) PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error) {
	if c.hold != nil {
		<-c.hold
	}
	if at := c.owner[wish.UID]; at != "" && at != wish.TableID && !wish.Move {
		return api.TagPlan{}, edge.Refuse(edge.KindConflict, "tag_elsewhere", "This tag belongs to table %s.", at)
	}
	return api.TagPlan{Prefix: "https://table.example/t/", Word: "word-of-" + string(wish.TableID), Keys: c.keys.Check()}, ctx.Err()
}

func (c *clerk) TagDone(_ context.Context, done api.TagDone) (edge.Tag, error) {
	c.owner[done.UID] = done.TableID
	return edge.Tag{UID: done.UID, TableID: done.TableID, Protected: done.Protected}, nil
}

func (c *clerk) TagReached(context.Context, api.TagMark) error { return nil }

// next hands over one card from the channel.
func (c *clerk) next(ctx context.Context, _ uint64, work func(context.Context, nfc.Card) error) (uint64, error) {
	select {
	case card := <-c.cards:
		c.seq++
		return c.seq, work(ctx, card)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// walking runs a walk through tables 1, 2 and 3 inside a bubble and waits for its end.
func walking(t *testing.T, test func(t *testing.T, c *clerk, w *TagWalk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		keys, err := parseTagKeys([]byte(oneMaster))
		if err != nil {
			t.Fatal(err)
		}
		c := &clerk{keys: keys, owner: map[string]edge.ID{}, cards: make(chan nfc.Card)}
		w := NewTagWalk(WalkOptions{
			Work:   TagWork{Desk: c, Keys: func() (*TagKeys, error) { return keys, nil }},
			Tables: []edge.Table{{ID: "1", Name: "1"}, {ID: "2", Name: "2"}, {ID: "3", Name: "3"}},
			Next:   c.next, Changed: func() {},
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		synctest.Wait()
		test(t, c, w)
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	})
}

func plainTag(last byte) *virtual.NTAG {
	return virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, last})
}

// steps words a walk: the current index, the phase, and how far each table is.
func steps(w *TagWalk) string {
	state := w.State()
	out := fmt.Sprintf("%d %s", state.Current, state.Phase)
	for _, item := range state.Items {
		out += " " + string(item.State)
	}
	return out
}

func (c *clerk) hand(card nfc.Card) {
	c.cards <- card
	synctest.Wait()
}

func wantSteps(t *testing.T, w *TagWalk, want string) {
	t.Helper()
	synctest.Wait()
	if got := steps(w); got != want {
		t.Errorf("the walk is at %q, want %q", got, want)
	}
}

func TestWalkSkipsAndGoesBack(t *testing.T) {
	walking(t, func(t *testing.T, c *clerk, w *TagWalk) {
		press := func(p api.ProvisionPress) {
			t.Helper()
			if err := w.Press(p); err != nil {
				t.Fatalf("press %s: %v", p, err)
			}
		}
		press(api.PressBack) // there is nothing before
		wantSteps(t, w, "0 waiting open open open")
		c.hand(plainTag(1))
		wantSteps(t, w, "1 waiting done open open")
		press(api.PressSkip)
		wantSteps(t, w, "2 waiting done skipped open")
		press(api.PressBack)
		press(api.PressBack)
		wantSteps(t, w, "0 waiting open open open")
		c.hand(plainTag(4))
		c.hand(plainTag(2))
		c.hand(plainTag(3))
		wantSteps(t, w, "3 ended done done done")
		if err := w.Press(api.PressSkip); edge.CodeOf(err) != "no_walk" {
			t.Errorf("a press after the end: got %v", err)
		}
		want := map[string]edge.ID{"04010203040501": "1", "04010203040504": "1", "04010203040502": "2", "04010203040503": "3"}
		if diff := cmp.Diff(want, c.owner); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}
	})
}

func TestWalkAsksBeforeATagMoves(t *testing.T) {
	walking(t, func(t *testing.T, c *clerk, w *TagWalk) {
		tag := plainTag(1)
		c.hand(tag)
		c.hand(tag)
		wantSteps(t, w, "1 asking done open open")
		if err := w.Press(api.PressNo); err != nil {
			t.Fatal(err)
		}
		if err := w.Press(api.PressYes); edge.CodeOf(err) != "not_asked" {
			t.Errorf("an answer without a question: got %v", err)
		}
		c.hand(tag)
		if err := w.Press(api.PressYes); err != nil {
			t.Fatal(err)
		}
		c.hand(plainTag(2)) // the answer was about the other one
		wantSteps(t, w, "2 waiting done done open")
		c.hand(tag)
		wantSteps(t, w, "2 asking done done open")
	})
}

func TestAPressNeverTearsATag(t *testing.T) {
	walking(t, func(t *testing.T, c *clerk, w *TagWalk) {
		c.hold = make(chan struct{})
		c.hand(plainTag(1))
		wantSteps(t, w, "0 working open open open")
		if err := w.Press(api.PressSkip); edge.CodeOf(err) != "tag_working" {
			t.Errorf("skip during the work: got %v", err)
		}
		if err := w.Press(api.PressStop); err != nil {
			t.Fatal(err)
		}
		close(c.hold)
		wantSteps(t, w, "1 ended done open open")
	})
}

func TestEveryTroubleIsExplained(t *testing.T) {
	errs := []error{
		nfc.ErrNoCard, nfc.ErrCardSwapped, nfc.ErrCardMute, nfc.ErrCardReset, nfc.ErrBusy, nfc.ErrStuck, nfc.ErrUnknownReader, nfc.ErrServiceLost,
		type2.ErrNotFormatted, type2.ErrProtected, type2.ErrSwapped, type2.ErrMismatch, type2.ErrTooLong, type2.ErrForeign, type2.ErrNoPassword,
		type2.ErrNotGenuine, ntag424.ErrNotDNA, ntag424.ErrCopy, ntag424.ErrRandomID, ntag424.ErrLRP, ntag424.ErrForeign, ntag424.ErrLocked,
		ntag424.ErrDelay, ntag424.ErrSettings, ntag424.ErrUsedUp, ntag424.ErrTooLong, ntag424.ErrSwapped, ntag424.ErrGarbled, ntag424.ErrMismatch,
		errPhone, errUnsupported, errOtherKeys, context.DeadlineExceeded,
	}
	for _, err := range errs {
		if got := ExplainTag(fmt.Errorf("set up: %w", err)); got.Code == "other" || got.Text == "" || got.Advice == "" {
			t.Errorf("%v: explained as %+v", err, got)
		}
	}
	if got := ExplainTag(&type2.ForeignError{Tried: true}); got.Code != "foreign" {
		t.Errorf("a password that is not ours: %+v", got)
	}
	if got := ExplainTag(edge.Refuse(edge.KindConflict, "table_retired", "Gone.")); got.Code != "table_retired" || got.Text != "Gone." {
		t.Errorf("a refusal: %+v", got)
	}
	if got := ExplainTag(errors.New("odd")); got.Code != "other" {
		t.Errorf("anything else: %+v", got)
	}
}
