package appliance

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// badges looks after the people who hold a badge to one of the device's readers. A badge that proves itself takes a
// moment to do so, which must not keep other readers waiting: taps are worked on beside the supervisor's loop.
type badges struct {
	d     *Device
	queue chan nfc.Tap

	mu sync.Mutex
	// All below is guarded by mu. base is the context of Serve, or nil when it does not run.
	base context.Context //nolint:containedctx // enrolments are started by requests and end with the device
	job  badgeJob
}

var _ suture.Service = (*badges)(nil)

// Taps that wait, and how many are worked on at the same time.
const (
	badgeQueue   = 16
	badgeWorkers = 4
)

func newBadges(d *Device) *badges {
	return &badges{d: d, queue: make(chan nfc.Tap, badgeQueue)}
}

// Serve implements suture.Service.
func (b *badges) Serve(ctx context.Context) error {
	b.mu.Lock()
	b.base = ctx
	b.mu.Unlock()
	var working sync.WaitGroup
	for range badgeWorkers {
		working.Go(func() { b.work(ctx) })
	}
	working.Go(func() { b.tend(ctx) })
	<-ctx.Done()
	b.mu.Lock()
	b.base = nil
	b.mu.Unlock()
	working.Wait()
	b.job.running.Wait() // it ends with ctx
	return ctx.Err()
}

// String names the part in logs.
func (b *badges) String() string { return "badges" }

func (b *badges) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case tap := <-b.queue:
			b.held(ctx, tap)
		}
	}
}

// tend ends wishes that nobody approved in time.
func (b *badges) tend(ctx context.Context) {
	_ = every(ctx, time.Second, func() {
		if err := b.d.floor.TendApprovals(ctx); err != nil && ctx.Err() == nil {
			b.d.log.Warn("wishes for approval could not be tended", "error", err)
		}
	})
}

// take looks at a tap before tables do, and reports whether it is none of theirs: a badge, or whatever is held to a
// reader that is not for guests. It is called by the supervisor's loop and must be quick.
func (b *badges) take(ctx context.Context, tap nfc.Tap) bool {
	entry, listed := b.d.settings.Readers.Of(tap.Reader)
	if listed && entry.Role == configs.ReaderProvisioning {
		return true
	}
	known, err := b.known(ctx, tap)
	if err != nil {
		b.d.log.Warn("a badge could not be looked up", "error", err)
		return false
	}
	switch {
	case known:
		select {
		case b.queue <- tap:
		default:
			b.d.log.Warn("a badge came while too many were being checked", "reader", tap.Reader)
			b.answer(tap, edge.BadgeAnswer{}, errTooMany)
		}
		return true
	case listed && entry.Role == configs.ReaderStaff:
		b.d.log.Info("a card is no badge of the house", "reader", tap.Reader, "kind", string(tap.Kind))
		b.answer(tap, edge.BadgeAnswer{}, errNoBadge(tap))
		return true
	default:
		return false
	}
}

var (
	errTooMany   = edge.Refuse(edge.KindTooMany, "badges_busy", "Too many badges at once.")
	errNotABadge = edge.Refuse(edge.KindNotFound, "badge_unknown", "This is no badge of the house.")
	errIsPhone   = edge.Refuse(edge.KindNotFound, "uid_random", "This is a phone, or a card that hides its number.")
)

func errNoBadge(tap nfc.Tap) error {
	if tap.RandomUID {
		return errIsPhone
	}
	return errNotABadge
}

func (b *badges) known(ctx context.Context, tap nfc.Tap) (bool, error) {
	if tap.RandomUID || len(tap.UID) == 0 {
		return false, nil
	}
	err := b.d.store.Read(ctx, func(view edge.View) error {
		_, err := view.Badge(tagUID(tap.UID))
		return err
	})
	if errors.Is(err, edge.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// held does what a badge calls for that is held to a reader.
func (b *badges) held(ctx context.Context, tap nfc.Tap) {
	place, err := b.post(ctx, tap.Reader)
	if err != nil {
		b.d.log.Warn("a reader's screen could not be looked up", "error", err)
		return
	}
	devices, err := b.devices(ctx)
	if err != nil {
		b.d.log.Warn("screens could not be read", "error", err)
		return
	}
	proven := b.prove(ctx, tap)
	if ctx.Err() != nil {
		return
	}
	answer, err := b.d.floor.Badge(ctx, edge.BadgeTap{
		UID: tagUID(tap.UID), Proven: proven, Reader: place.Name, Clocks: place.clocks(), Screen: place.device,
		Served: b.served(devices),
	})
	if err != nil {
		b.d.log.Info("a badge was refused", "reader", place.Name, "reason", edge.CodeOf(err), "error", err)
	} else {
		b.d.log.Info("a badge was held to a reader", "reader", place.Name, "person", string(answer.Person.ID), "did", string(answer.Did))
	}
	b.answer(tap, answer, err)
}

// proveLimit bounds the challenge: a badge that leaves earlier is not waited for long.
const proveLimit = 2500 * time.Millisecond

// prove challenges the badge that lies on a reader. A badge that is known by its number alone is not asked.
func (b *badges) prove(ctx context.Context, tap nfc.Tap) bool {
	var badge edge.Badge
	err := b.d.store.Read(ctx, func(view edge.View) (err error) {
		badge, err = view.Badge(tagUID(tap.UID))
		return err
	})
	if err != nil || !badge.Signed {
		return false
	}
	keys, err := b.d.tags.read()
	if err != nil {
		b.d.log.Error("badges cannot be checked without the keys of tags", "error", err)
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, proveLimit)
	defer cancel()
	proven := false
	_, err = b.d.readers.supervisor.DoNext(ctx, tap.Reader, tap.Seq-1, func(ctx context.Context, card nfc.Card) error {
		uid, err := apdu.ReadUID(ctx, card)
		if err != nil || tagUID(uid) != badge.UID {
			return errors.Join(err, nfc.ErrCardSwapped)
		}
		b.d.readers.feedback.with(ctx, card, tap.Reader, pcsc.Working)
		proof, err := ntag424.Prove(ctx, card, keys.Ring)
		proven = err == nil && proof.String() == badge.UID
		return err
	})
	if err != nil {
		b.d.log.Info("a badge did not prove itself", "reader", tap.Reader, "error", err)
	}
	return proven
}

// How long the answer to a badge stands on the displays.
const showBadge = 4 * time.Second

// answer says at the reader and on the device's own displays what a badge did. Names stay off them: guests read them.
func (b *badges) answer(tap nfc.Tap, answer edge.BadgeAnswer, err error) {
	title, caption, good := b.words(answer, err)
	tone, signal, kind := display.Trouble, pcsc.Bad, "noBadge"
	if good {
		tone, signal, kind = display.Good, pcsc.Good, "badge"
	}
	b.d.readers.feedback.show(tap.Reader, signal)
	// Displays in browsers that belong to a table are for its guests; those that belong to none hang where people come in.
	b.d.hub.Flash(live.Flash{Kind: kind, TextKey: "badge", Until: b.d.clock.time().Add(showBadge)}, "")
	for _, s := range b.d.displays {
		if s.keeper != nil {
			s.keeper.Flash(display.Card{Title: title, Caption: caption, Tone: tone}, showBadge)
		}
	}
}

// words are what a display says to an answer.
func (b *badges) words(answer edge.BadgeAnswer, err error) (title, caption string, good bool) {
	if err != nil {
		key := "badge-refused"
		if code := edge.CodeOf(err); b.d.says("badge-" + code) {
			key = "badge-" + code
		}
		return b.d.say("badge-no"), b.d.say(key), false
	}
	if answer.Did == edge.DidKnowRoom {
		return b.d.say("badge-room") + " " + answer.Room, b.d.say("badge-room-do"), true
	}
	good = answer.Did != edge.DidNotApprove && answer.Did != edge.DidFail
	return b.d.say("badge-" + string(answer.Did)), b.d.say("badge-" + string(answer.Did) + "-do"), good
}
