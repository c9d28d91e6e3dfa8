package display

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	// firstWait and longestWait bound the back-off between attempts to open a
	// display.
	firstWait   = time.Second
	longestWait = 30 * time.Second
	// showLimit bounds one picture: the slowest panels take five seconds.
	showLimit = 30 * time.Second
	// forever is longer than any restaurant stays open.
	forever = time.Duration(1<<63 - 1)
)

// Opener opens a display. It is called again whenever the display failed, so it
// must not keep anything of an earlier one.
type Opener func(ctx context.Context) (Display, error)

// Keeper owns one display and keeps the newest card on it. Cards are not queued:
// when several arrive while the panel is busy, only the last is drawn. A failing
// display is closed and opened anew, with growing pauses, for as long as Serve
// runs. All methods may be called by many goroutines and never wait for the panel.
type Keeper struct {
	name string
	open Opener
	log  *slog.Logger
	wake chan struct{} // bounded by one: a token means "look again"

	mu     sync.Mutex // guards what follows
	card   Card
	flash  Card
	until  time.Time // end of flash; zero without one
	status Status
}

// NewKeeper makes a keeper for the display called name; Serve does the work.
func NewKeeper(name string, open Opener, log *slog.Logger) *Keeper {
	return &Keeper{
		name: name, open: open, log: log.With(slog.String("display", name)),
		wake:   make(chan struct{}, 1),
		status: Status{Name: name, State: Stopped, Since: time.Now()},
	}
}

// String is the display's name as given to NewKeeper.
func (k *Keeper) String() string { return k.name }

// Set replaces the card that is shown.
func (k *Keeper) Set(card Card) {
	k.mu.Lock()
	k.card = card
	k.mu.Unlock()
	k.look()
}

// Flash shows card for a while in place of the one from Set, which then returns.
// A later Flash replaces an earlier one. On panels that bear no second picture
// within that time (Traits.MinInterval), Flash has no effect: the message would
// stand there long after it had become wrong.
func (k *Keeper) Flash(card Card, duration time.Duration) {
	k.mu.Lock()
	k.flash, k.until = card, time.Now().Add(duration)
	k.mu.Unlock()
	k.look()
}

// look makes Serve look at what is wanted.
func (k *Keeper) look() {
	select {
	case k.wake <- struct{}{}:
	default: // Serve has been told already
	}
}

// wanted returns the card to show now, when the panel holds current, and when
// that may change by itself; zero means never.
func (k *Keeper) wanted(traits Traits, current Card) (card Card, until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	left := time.Until(k.until)
	tooShort := traits.MinInterval > left && !k.flash.equal(current)
	if left <= 0 || tooShort {
		return k.card, time.Time{}
	}
	return k.flash, k.until
}

// Serve keeps the display until ctx ends and returns ctx's error. It must not run
// twice at the same time.
func (k *Keeper) Serve(ctx context.Context) error {
	k.report(Opening, nil)
	session := session{keeper: k}
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		shown := session.last
		err := session.run(ctx)
		if ctx.Err() != nil {
			k.report(Stopped, nil)
			return ctx.Err()
		}
		if session.last.After(shown) {
			wait = firstWait // it worked in between
		}
		k.log.Warn("display failed", slog.Any("error", err), slog.Duration("again_in", wait))
		k.reportRetry(err, time.Now().Add(wait))
		if pause(ctx, nil, wait) != nil {
			k.report(Stopped, nil)
			return ctx.Err()
		}
	}
}

// session is what Serve remembers across re-opened displays.
type session struct {
	keeper *Keeper
	last   time.Time // when the panel last got a picture
	holds  Card      // what was on it
}

// run opens the display and shows what is wanted until something fails.
func (s *session) run(ctx context.Context) (err error) {
	defer func() {
		// A driver's fault must not end more than this display.
		if fault := recover(); fault != nil {
			err = fmt.Errorf("display driver failed: %v", fault)
		}
	}()
	d, err := s.keeper.open(ctx)
	if err != nil {
		return fmt.Errorf("open display: %w", err)
	}
	defer func() {
		if closing := d.Close(); closing != nil {
			s.keeper.log.Debug("display closes badly", slog.Any("error", closing))
		}
	}()
	traits := TraitsOf(d)
	s.keeper.opened(d.String())
	for {
		if err := s.turn(ctx, d, traits); err != nil {
			return err
		}
	}
}

// turn shows what is wanted once the panel bears it, and waits until there is
// reason for another picture. A panel that was just opened holds nothing we know
// of, so its first picture is always drawn.
func (s *session) turn(ctx context.Context, d Display, traits Traits) error {
	if err := pause(ctx, nil, time.Until(s.last.Add(traits.MinInterval))); err != nil {
		return err
	}
	card, until := s.keeper.wanted(traits, s.holds)
	if err := s.show(ctx, d, traits, card); err != nil {
		return err
	}
	return s.idle(ctx, traits, until)
}

// show composes card, without its code if that does not fit, and draws it.
func (s *session) show(ctx context.Context, d Display, traits Traits, card Card) error {
	picture, problem := Compose(d.Bounds(), card, traits)
	if problem != nil {
		words, err := ComposeWords(d.Bounds(), card, traits)
		if err != nil {
			words, err = Compose(d.Bounds(), Card{}, traits)
		}
		if err != nil {
			return err
		}
		picture = words
	}
	ctx, cancel := context.WithTimeout(ctx, showLimit)
	defer cancel()
	if err := d.Show(ctx, picture); err != nil {
		return fmt.Errorf("show a picture: %w", err)
	}
	s.last, s.holds = time.Now(), card
	s.keeper.shown(card, problem)
	return nil
}

// idle returns when something else is wanted than the panel holds, or the picture
// is due to be drawn again. Until is when something else may be wanted by itself.
func (s *session) idle(ctx context.Context, traits Traits, until time.Time) error {
	for {
		now := time.Now()
		wait := forever
		if !until.IsZero() {
			wait = until.Sub(now)
		}
		if traits.MaxInterval > 0 {
			due := s.last.Add(traits.MaxInterval).Sub(now)
			if due <= 0 {
				return nil
			}
			wait = min(wait, due)
		}
		if err := pause(ctx, s.keeper.wake, wait); err != nil {
			return err
		}
		var card Card
		if card, until = s.keeper.wanted(traits, s.holds); !card.equal(s.holds) {
			return nil
		}
	}
}

// pause waits for wake, the duration or the end of ctx, whose error it returns.
func pause(ctx context.Context, wake <-chan struct{}, duration time.Duration) error {
	if duration <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wake:
	case <-timer.C:
	}
	return nil
}
