package ssd1306_test

import (
	"errors"
	"image"
	"image/color"
	"log/slog"
	"strings"
	"testing"

	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/physic"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
	"github.com/comanda-pos/comanda/hardware/display/ssd1306"
)

const link = "https://q.example/t/4K7MXR"

func TestContract(t *testing.T) {
	for _, height := range []int{64, 32} {
		displaytest.Run(t, func(t *testing.T) display.Display {
			return open(t, &i2ctest.Record{}, ssd1306.Settings{Height: height})
		})
	}
}

// open makes a display on a recorded bus.
func open(t *testing.T, bus *i2ctest.Record, s ssd1306.Settings) *ssd1306.Display {
	t.Helper()
	d, err := ssd1306.New(bus, s)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return d
}

// card composes a table's card for d.
func card(t *testing.T, d display.Display, c display.Card) *display.Picture {
	t.Helper()
	picture, err := display.Compose(d.Bounds(), c, display.TraitsOf(d))
	if err != nil {
		t.Fatalf("Compose: %v", err)
	}
	return picture
}

// seen replays the bus into a model of the panel.
func seen(t *testing.T, bus *i2ctest.Record, address uint16) *panel {
	t.Helper()
	var p panel
	if err := p.replay(bus.Ops, address); err != nil {
		t.Fatalf("replay: %v", err)
	}
	return &p
}

// same fails unless both pictures agree in every pixel.
func same(t *testing.T, got, want *image.Gray) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("picture is %v, want %v", got.Bounds(), want.Bounds())
	}
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if got.GrayAt(x, y) != want.GrayAt(x, y) {
				t.Fatalf("pixel (%d,%d) is %v, want %v", x, y, got.GrayAt(x, y), want.GrayAt(x, y))
			}
		}
	}
}

func TestPanelShowsWhatWasComposed(t *testing.T) {
	tests := map[string]struct {
		settings ssd1306.Settings
		card     display.Card
		address  uint16
	}{
		"64 rows":     {ssd1306.Settings{}, display.Card{Code: link, Title: "Table 7"}, 0x3C},
		"32 rows":     {ssd1306.Settings{Height: 32}, display.Card{Title: "Table 7"}, 0x3C},
		"upside down": {ssd1306.Settings{UpsideDown: true}, display.Card{Code: link}, 0x3C},
		"other board": {ssd1306.Settings{Address: 0x3D}, display.Card{Code: link}, 0x3D},
		"dimmed":      {ssd1306.Settings{Brightness: 40}, display.Card{Code: link}, 0x3C},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bus := &i2ctest.Record{}
			d := open(t, bus, test.settings)
			want := card(t, d, test.card)
			if err := d.Show(t.Context(), want); err != nil {
				t.Fatalf("Show: %v", err)
			}
			p := seen(t, bus, test.address)
			got := p.picture()
			if test.settings.UpsideDown {
				got = turned(got)
			}
			same(t, got, want.Gray)
			if p.sequence != (test.settings.Height == 32) {
				t.Errorf("rows in sequence: got %v at height %d", p.sequence, test.settings.Height)
			}
			if b := test.settings.Brightness; b != 0 && int(p.contrast) != b {
				t.Errorf("contrast: got %d, want %d", p.contrast, b)
			}
		})
	}
}

// turned is the picture seen from the other side of the table.
func turned(picture *image.Gray) *image.Gray {
	out := image.NewGray(picture.Rect)
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			out.SetGray(picture.Rect.Max.X-1-x, picture.Rect.Max.Y-1-y, picture.GrayAt(x, y))
		}
	}
	return out
}

func TestOnlyChangesAreSent(t *testing.T) {
	bus := &i2ctest.Record{}
	d := open(t, bus, ssd1306.Settings{})
	for _, footer := range []string{"18:42", "18:43", "18:44"} {
		want := card(t, d, display.Card{Code: link, Footer: footer})
		before := seen(t, bus, 0x3C).dataBytes
		if err := d.Show(t.Context(), want); err != nil {
			t.Fatalf("Show: %v", err)
		}
		p := seen(t, bus, 0x3C)
		same(t, p.picture(), want.Gray)
		if sent := p.dataBytes - before; before > 0 && sent > 200 {
			t.Errorf("%d bytes for a new minute, want few", sent)
		}
	}
}

func TestSamePictureIsSentToAPanelSetUpAnew(t *testing.T) {
	bus := &i2ctest.Record{}
	d := open(t, bus, ssd1306.Settings{})
	want := card(t, d, display.Card{Code: link})
	for range 2 {
		bus.Ops = nil // as if the panel had lost its power
		if err := d.Show(t.Context(), want); err != nil {
			t.Fatalf("Show: %v", err)
		}
		same(t, seen(t, bus, 0x3C).picture(), want.Gray)
	}
}

// faulty is a bus on which one transfer fails.
type faulty struct {
	panel *panel
	left  int // transfers until the fault; negative for none
	err   error
}

func (f *faulty) String() string                  { return "faulty bus" }
func (f *faulty) SetSpeed(physic.Frequency) error { return nil }
func (f *faulty) Tx(_ uint16, w, _ []byte) error {
	f.left--
	if f.left == -1 {
		return f.err
	}
	return f.panel.write(w)
}

func TestPanelIsRightAfterAnyFault(t *testing.T) {
	loose := errors.New("remote I/O error")
	first, second := display.Card{Code: link, Title: "Table 7"}, display.Card{Code: link, Title: "Table 8"}
	for fault := range 17 { // one set-up and sixteen transfers for a picture
		bus := &faulty{panel: &panel{}, left: fault, err: loose}
		d, err := ssd1306.New(bus, ssd1306.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Show(t.Context(), card(t, d, first)); !errors.Is(err, loose) {
			t.Fatalf("Show with a fault at transfer %d: got %v, want %v", fault, err, loose)
		}
		bus.panel = &panel{} // it was unplugged and knows nothing
		for _, c := range []display.Card{first, first, second} {
			want := card(t, d, c)
			if err := d.Show(t.Context(), want); err != nil {
				t.Fatalf("Show after a fault at transfer %d: %v", fault, err)
			}
			same(t, bus.panel.picture(), want.Gray)
		}
	}
}

func TestFaultInAPartialUpdate(t *testing.T) {
	loose := errors.New("remote I/O error")
	for fault := range 4 {
		bus := &faulty{panel: &panel{}, left: -1, err: loose}
		d, err := ssd1306.New(bus, ssd1306.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Show(t.Context(), card(t, d, display.Card{Code: link, Footer: "18:42"})); err != nil {
			t.Fatalf("Show: %v", err)
		}
		bus.left = fault
		want := card(t, d, display.Card{Code: link, Footer: "18:43"})
		if err := d.Show(t.Context(), want); !errors.Is(err, loose) {
			t.Fatalf("Show with a fault at transfer %d: got %v, want %v", fault, err, loose)
		}
		if err := d.Show(t.Context(), want); err != nil {
			t.Fatalf("Show again: %v", err)
		}
		same(t, bus.panel.picture(), want.Gray)
	}
}

func TestEmptyCardIsDarkAndCloseSwitchesOff(t *testing.T) {
	bus := &i2ctest.Record{}
	d := open(t, bus, ssd1306.Settings{})
	if err := d.Show(t.Context(), card(t, d, display.Card{})); err != nil {
		t.Fatalf("Show: %v", err)
	}
	p := seen(t, bus, 0x3C)
	if got := p.picture().GrayAt(5, 5); got != (color.Gray{}) || !p.on {
		t.Errorf("empty card: pixel %v with the panel on: %v, want dark and on", got, p.on)
	}
	if err := d.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if seen(t, bus, 0x3C).on {
		t.Error("panel is on after Close, want off")
	}
}

func TestSettings(t *testing.T) {
	tests := map[string]struct {
		settings ssd1306.Settings
		want     []string
	}{
		"none":       {ssd1306.Settings{}, nil},
		"all given":  {ssd1306.Settings{Bus: "/dev/i2c-1", Address: 0x3D, Height: 32, Brightness: 1}, nil},
		"address":    {ssd1306.Settings{Address: 0x50}, []string{"address is 0x50"}},
		"everything": {ssd1306.Settings{Address: 1, Height: 48, Brightness: 300}, []string{"address", "height is 48", "brightness is 300"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := test.settings.Check()
			if (err == nil) != (test.want == nil) {
				t.Fatalf("Check: got %v, want mentions of %v", err, test.want)
			}
			for _, word := range test.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("Check: got %q, want a mention of %q", err, word)
				}
			}
		})
	}
}

func TestMissingBusIsAnErrorThatHelps(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	_, err := ssd1306.Open(t.Context(), ssd1306.Settings{Bus: "I2C-none"}, log)
	var bus *ssd1306.BusError
	if !errors.As(err, &bus) {
		t.Fatalf("Open: got %v, want a *BusError", err)
	}
	if bus.Name != "I2C-none" || !strings.Contains(err.Error(), "I2C-none") {
		t.Errorf("Open: got %q, want a mention of the bus", err)
	}
}
