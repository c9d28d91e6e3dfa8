package display_test

import (
	"errors"
	"image"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/display"
)

func TestEncode(t *testing.T) {
	tests := map[string]struct {
		text  string
		level display.Level
		size  int
		reads string
	}{
		"shortest":             {"A", display.LevelM, 21, "A"},
		"lower-case address":   {link, display.LevelM, 25, link},
		"one letter more":      {link + "2", display.LevelM, 29, link + "2"},
		"level L holds more":   {link + "2", display.LevelL, 25, link + "2"},
		"capitals hold more":   {strings.ToUpper(link) + "2345", display.LevelM, 25, strings.ToUpper(link) + "2345"},
		"umlaut in an address": {"https://q.example/ä", display.LevelM, 25, "https://q.example/%C3%A4"},
		"space in an address":  {"HTTP://q.example/a b\n", display.LevelM, 25, "HTTP://q.example/a%20b%0A"},
		"payment text":         {"BCD\n002\n1\nSCT\n\nCafé", display.LevelM, 25, "BCD\n002\n1\nSCT\n\nCafé"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, err := display.Encode(test.text, test.level)
			if err != nil {
				t.Fatalf("Encode(%q): %v", test.text, err)
			}
			if code.Size() != test.size || code.Text() != test.reads || code.Level() != test.level {
				t.Errorf("Encode(%q): got %d modules, %q, level %v; want %d, %q, %v",
					test.text, code.Size(), code.Text(), code.Level(), test.size, test.reads, test.level)
			}
			if !code.Dark(0, 0) || code.Dark(-1, 0) || code.Dark(0, code.Size()) {
				t.Error("the corner must be dark and everything outside light")
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	if _, err := display.Encode("", display.LevelM); !errors.Is(err, display.ErrNoText) {
		t.Errorf("Encode of nothing: got %v, want %v", err, display.ErrNoText)
	}
	_, err := display.Encode(strings.Repeat("x", 3000), display.LevelM)
	var long *display.TooLongError
	// ISO/IEC 18004, table 7: version 40-M holds 2331 bytes or 3391 alphanumerics.
	if !errors.As(err, &long) || long.Length != 3000 || long.Fits != 2331 || long.FitsUpper != 3391 {
		t.Errorf("Encode of 3000 characters: got %#v, want a *TooLongError with 2331 and 3391", err)
	}
}

func TestEncodeIsSafeForManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := display.QRSVG(link); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestTighten(t *testing.T) {
	tests := map[string]string{
		"https://q.example/t/4k7mXR":   "HTTPS://Q.EXAMPLE/t/4k7mXR",
		"http://10.0.0.5:8080/t/a?b=c": "HTTP://10.0.0.5:8080/t/a?b=c",
		"https://me:pw@q.example/a":    "https://me:pw@q.example/a",
		"https:///nohost":              "https:///nohost",
		"tel:+43123":                   "tel:+43123",
		"https://%zz/":                 "https://%zz/",
	}
	for address, want := range tests {
		if got := display.Tighten(address); got != want {
			t.Errorf("Tighten(%q): got %q, want %q", address, got, want)
		}
	}
}

func TestLevelNames(t *testing.T) {
	got := display.LevelL.String() + display.LevelM.String() + display.LevelQ.String() + display.LevelH.String() + display.Level(9).String()
	if got != "LMQHLevel(9)" {
		t.Errorf("got %q, want %q", got, "LMQHLevel(9)")
	}
}

// TestCodeChoice checks module size, border and level against what was measured
// to be readable (see README).
func TestCodeChoice(t *testing.T) {
	upper := strings.ToUpper(link)
	tests := map[string]struct {
		panel         panel
		text          string
		module, quiet int
		level         display.Level
	}{
		"OLED":                         {panel{128, 64, oled}, link, 2, 3, display.LevelM},
		"OLED, version 2 only at L":    {panel{128, 64, oled}, link + "234567", 2, 3, display.LevelL},
		"2.13 inch":                    {panel{250, 122, paper}, link + "2345", 3, 4, display.LevelM},
		"2.9 inch, version 4":          {panel{296, 128, paper}, longLink, 3, 4, display.LevelM},
		"2.9 inch, L for 3 pixels":     {panel{296, 128, paper}, longLink + strings.Repeat("2", 16), 3, 4, display.LevelL},
		"4.2 inch":                     {panel{400, 300, paper}, longLink, 7, 4, display.LevelM},
		"4.2 inch alone":               {panel{300, 300, paper}, upper, 9, 4, display.LevelM},
		"7 inch":                       {panel{1024, 600, display.Traits{}}, link, 18, 4, display.LevelM},
		"payment text of 287 letters":  {panel{400, 300, paper}, strings.Repeat("x", 287), 4, 4, display.LevelM},
		"more than level M ever holds": {panel{800, 480, paper}, strings.Repeat("x", 2400), 2, 4, display.LevelL},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			picture, err := display.Compose(test.panel.bounds(), display.Card{Code: test.text}, test.panel.traits)
			if err != nil {
				t.Fatalf("Compose: %v", err)
			}
			place := picture.Place
			if place.Module != test.module || place.Quiet != test.quiet || place.Code.Level() != test.level {
				t.Errorf("got %d px a module, quiet %d, level %v (%d modules); want %d, %d, %v",
					place.Module, place.Quiet, place.Code.Level(), place.Code.Size(), test.module, test.quiet, test.level)
			}
		})
	}
}

func TestCodeThatDoesNotFit(t *testing.T) {
	tests := map[string]struct {
		panel       panel
		length      int
		fits, upper int
	}{
		"OLED":           {panel{128, 64, oled}, 33, 32, 47},
		"OLED, 32 rows":  {panel{128, 32, oled}, 10, 0, 0},
		"2.9 inch":       {panel{296, 128, paper}, 400, 271, 395},
		"4.2 inch":       {panel{400, 300, paper}, 2500, 1952, 2840},
		"beyond level M": {panel{128, 64, oled}, 5000, 32, 47},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			card := display.Card{Code: strings.Repeat("x", test.length), Title: "Table 7"}
			_, err := display.Compose(test.panel.bounds(), card, test.panel.traits)
			var long *display.TooLongError
			if !errors.As(err, &long) {
				t.Fatalf("Compose: got %v, want a *TooLongError", err)
			}
			if long.Length != test.length || long.Fits != test.fits || long.FitsUpper != test.upper {
				t.Errorf("got %+v, want length %d, fits %d or %d", long, test.length, test.fits, test.upper)
			}
			if test.fits == 0 {
				return
			}
			card.Code = strings.Repeat("x", long.Fits)
			if _, err := display.Compose(test.panel.bounds(), card, test.panel.traits); err != nil {
				t.Errorf("a text of the promised length: %v", err)
			}
		})
	}
}

// TestPixelExact reads every code back from its picture, module by module, and
// checks the border around it.
func TestPixelExact(t *testing.T) {
	for name, card := range cards() {
		for _, p := range panels() {
			picture, err := display.Compose(p.bounds(), card, p.traits)
			if err != nil {
				t.Fatalf("Compose %s for %v: %v", name, p, err)
			}
			if (picture.Place.Code != nil) != (card.Code != "") {
				t.Errorf("%s on %v: a code was drawn: %v", name, p, picture.Place.Code != nil)
			}
			checkExact(t, picture)
		}
	}
}

// TestLettersStayOutOfTheBorder uses letters that reach to the left of their
// place, above the capitals and below the line.
func TestLettersStayOutOfTheBorder(t *testing.T) {
	for _, p := range panels() {
		for _, word := range []string{"j", "ǰ", "Ǻ", "Ộ", "|", "§j"} {
			checkExact(t, compose(t, p, display.Card{Code: link, Title: word, Caption: word, Typed: []string{word}, Footer: word}))
			checkExact(t, compose(t, p, display.Card{Code: link, Caption: word}))
		}
	}
}

func TestPixelExactForAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bounds := image.Rect(0, 0, rapid.IntRange(8, 420).Draw(t, "width"), rapid.IntRange(8, 420).Draw(t, "height"))
		card := display.Card{
			Code:    rapid.StringMatching(`(https://[a-z.]{3,20}/)?[A-Za-z0-9_/-]{1,60}`).Draw(t, "code"),
			Title:   rapid.StringN(0, 30, -1).Draw(t, "title"),
			Caption: rapid.StringN(0, 90, -1).Draw(t, "caption"),
			Typed:   rapid.SliceOfN(rapid.StringN(0, 20, -1), 0, 3).Draw(t, "typed"),
			Footer:  rapid.StringN(0, 30, -1).Draw(t, "footer"),
			Tone:    display.Tone(rapid.IntRange(0, 2).Draw(t, "tone")),
		}
		if rapid.Bool().Draw(t, "message") {
			card.Code = ""
		}
		picture, err := display.Compose(bounds, card, display.Traits{Mono: rapid.Bool().Draw(t, "mono")})
		if _, ok := errors.AsType[*display.TooLongError](err); ok {
			return
		}
		if err != nil {
			t.Fatalf("Compose: %v", err)
		}
		if picture.Bounds() != bounds {
			t.Fatalf("picture is %v, want %v", picture.Bounds(), bounds)
		}
		checkExact(t, picture)
	})
}

// checkExact fails unless the picture's code has whole, evenly inked modules and
// nothing dark within the quiet zone or the panel's edge.
func checkExact(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, picture *display.Picture,
) {
	t.Helper()
	place := picture.Place
	if place.Code == nil {
		return
	}
	border := place.Bounds.Inset(-place.Quiet * place.Module)
	if !border.In(picture.Rect) || place.Module < 2 || place.Quiet < 2 || place.Bounds.Dx() != place.Code.Size()*place.Module {
		t.Fatalf("code at %v with %d px a module and quiet zone %d in a picture of %v", place.Bounds, place.Module, place.Quiet, picture.Rect)
	}
	for y := border.Min.Y; y < border.Max.Y; y++ {
		for x := border.Min.X; x < border.Max.X; x++ {
			at := image.Pt(x, y).Sub(place.Bounds.Min)
			dark := image.Pt(x, y).In(place.Bounds) && place.Code.Dark(at.X/place.Module, at.Y/place.Module)
			want := uint8(0xFF)
			if dark {
				want = 0
			}
			if got := picture.GrayAt(x, y).Y; got != want {
				t.Fatalf("pixel (%d,%d) is %#x, want %#x: code at %v in %v", x, y, got, want, place.Bounds, picture.Rect)
			}
		}
	}
}
