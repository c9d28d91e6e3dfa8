package displaytest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
)

func TestScreenKeepsTheContract(t *testing.T) {
	displaytest.Run(t, func(*testing.T) display.Display {
		return displaytest.NewScreen(40, 20, display.Traits{MinInterval: time.Second, MaxInterval: time.Hour})
	})
}

func TestScreenFollowsItsScript(t *testing.T) {
	loose := errors.New("loose cable")
	s := displaytest.NewScreen(40, 20, display.Traits{})
	s.FailShow(nil, loose)
	s.FailOpen(loose)
	picture := displaytest.Pattern(s.Bounds().Size())
	for i, want := range []error{nil, loose, nil} {
		if got := s.Show(t.Context(), picture); !errors.Is(got, want) {
			t.Errorf("Show %d: got %v, want %v", i, got, want)
		}
	}
	if _, err := s.Open(t.Context()); !errors.Is(err, loose) {
		t.Errorf("first Open: got %v, want %v", err, loose)
	}
	if _, err := s.Open(t.Context()); err != nil {
		t.Errorf("second Open: %v", err)
	}
	if got := len(s.Shots()); got != 2 {
		t.Errorf("got %d pictures, want 2", got)
	}
	if got := s.Opened(); got != 1 {
		t.Errorf("opened %d times, want 1", got)
	}
}
