package displaytest

import (
	"context"
	"image"
	"image/draw"
	"slices"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/hardware/display"
)

// Shot is one picture a Screen took.
type Shot struct {
	At      time.Time
	Picture *image.RGBA
}

// Screen is a display without a panel: it keeps every picture and fails when it
// is told to. Its zero value is not usable; call NewScreen. It may be opened
// again after Close and then goes on with the same record. All methods may be
// called by many goroutines.
type Screen struct {
	bounds image.Rectangle
	traits display.Traits

	mu       sync.Mutex // guards what follows
	shots    []Shot
	errShow  []error
	errOpen  []error
	opened   int
	open     bool
	duration time.Duration
}

var (
	_ display.Display   = (*Screen)(nil)
	_ display.Describer = (*Screen)(nil)
)

// NewScreen returns an opened screen of the given size.
func NewScreen(width, height int, traits display.Traits) *Screen {
	return &Screen{bounds: image.Rect(0, 0, width, height), traits: traits, open: true}
}

// Open is a display.Opener that gives the screen out, or the next error from
// FailOpen.
func (s *Screen) Open(context.Context) (display.Display, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.errOpen) > 0 {
		err := s.errOpen[0]
		s.errOpen = s.errOpen[1:]
		return nil, err
	}
	s.opened++
	s.open = true
	return s, nil
}

// FailOpen makes the next calls of Open return these errors, in order.
func (s *Screen) FailOpen(errs ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errOpen = append(s.errOpen, errs...)
}

// FailShow makes the next calls of Show return these errors, in order; a nil
// lets one picture through.
func (s *Screen) FailShow(errs ...error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errShow = append(s.errShow, errs...)
}

// Slow makes every Show take this long.
func (s *Screen) Slow(duration time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.duration = duration
}

// Shots returns the pictures taken so far, oldest first.
func (s *Screen) Shots() []Shot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shots)
}

// Opened is how often Open succeeded.
func (s *Screen) Opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened
}

// Closed reports whether the screen is closed.
func (s *Screen) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.open
}

// Show implements display.Display.
func (s *Screen) Show(ctx context.Context, picture image.Image) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.take(picture); err != nil {
		return err
	}
	s.mu.Lock()
	duration := s.duration
	s.mu.Unlock()
	if duration <= 0 {
		return nil
	}
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// take records the picture or fails.
func (s *Screen) take(picture image.Image) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		return display.ErrClosed
	}
	if err := display.CheckSize(s.bounds, picture); err != nil {
		return err
	}
	if len(s.errShow) > 0 {
		err := s.errShow[0]
		s.errShow = s.errShow[1:]
		if err != nil {
			return err
		}
	}
	kept := image.NewRGBA(s.bounds)
	draw.Draw(kept, kept.Rect, picture, picture.Bounds().Min, draw.Src)
	s.shots = append(s.shots, Shot{At: time.Now(), Picture: kept})
	return nil
}

// Bounds implements display.Display.
func (s *Screen) Bounds() image.Rectangle { return s.bounds }

// Traits implements display.Describer.
func (s *Screen) Traits() display.Traits { return s.traits }

// Close implements display.Display.
func (s *Screen) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
	return nil
}

// String implements display.Display.
func (s *Screen) String() string { return "scripted screen " + s.bounds.Size().String() }
