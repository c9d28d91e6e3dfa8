package display_test

import (
	"image"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/hardware/display"
)

func compose(t *testing.T, p panel, card display.Card) *display.Picture {
	t.Helper()
	picture, err := display.Compose(p.bounds(), card, p.traits)
	if err != nil {
		t.Fatalf("Compose for %v: %v", p, err)
	}
	return picture
}

func TestMissingLettersAreLeftOutAndTold(t *testing.T) {
	p := panel{800, 480, paper}
	got := compose(t, p, display.Card{Code: link, Title: "桌子 7", Caption: "Σαρώστε · Сканируйте · Çağır", Typed: []string{"שלום"}})
	if diff := cmp.Diff([]rune("桌子שלום"), got.Missing); diff != "" {
		t.Errorf("Missing (-want +got):\n%s", diff)
	}
	same := compose(t, p, display.Card{Code: link, Title: "7", Caption: "Σαρώστε · Сканируйте · Çağır"})
	if !slices.Equal(got.Pix, same.Pix) {
		t.Error("the picture differs from one without the missing letters")
	}
}

func TestShortenedIsTold(t *testing.T) {
	for name, want := range map[string]map[string]bool{
		"usual":     {"128x64": true, "250x122": false, "296x128": false, "400x300": false, "800x480": false, "1024x600": false, "480x800": false},
		"short":     {"128x64": false, "250x122": false, "1024x600": false},
		"long":      {"128x64": true, "250x122": true, "400x300": false, "800x480": false, "1024x600": false, "480x800": false},
		"longwords": {"128x64": true, "250x122": false, "296x128": false, "1024x600": false},
	} {
		for _, p := range panels() {
			if shortened, ok := want[p.String()]; ok {
				if got := compose(t, p, cards()[name]).Shortened; got != shortened {
					t.Errorf("%s on %v: shortened is %v, want %v", name, p, got, shortened)
				}
			}
		}
	}
}

func TestEveryPartIsShown(t *testing.T) {
	full := cards()["usual"]
	parts := map[string]func(*display.Card){
		"title":   func(c *display.Card) { c.Title = "" },
		"caption": func(c *display.Card) { c.Caption = "" },
		"typed":   func(c *display.Card) { c.Typed = nil },
		"footer":  func(c *display.Card) { c.Footer = "" },
	}
	for _, p := range panels() {
		whole := compose(t, p, full)
		for name, remove := range parts {
			if name == "footer" && p.width <= 200 {
				continue // no room for it there
			}
			less := full
			remove(&less)
			if slices.Equal(compose(t, p, less).Pix, whole.Pix) {
				t.Errorf("%v shows no %s", p, name)
			}
		}
	}
}

func TestMonoHasNoGrey(t *testing.T) {
	for name, card := range cards() {
		for _, p := range panels() {
			for _, y := range compose(t, p, card).Pix {
				if p.traits.Mono && y != 0 && y != 0xFF {
					t.Fatalf("%s on %v has grey %#x", name, p, y)
				}
			}
		}
	}
}

func TestEmptyCard(t *testing.T) {
	for _, p := range panels() {
		want := uint8(0xFF)
		if p.traits.Emissive {
			want = 0
		}
		for _, card := range []display.Card{{}, {Title: " ", Typed: []string{""}}} {
			for _, y := range compose(t, p, card).Pix {
				if y != want {
					t.Fatalf("an empty card on %v has a pixel of %#x, want %#x", p, y, want)
				}
			}
		}
	}
}

func TestOriginDoesNotMatter(t *testing.T) {
	card := cards()["usual"]
	at := image.Rect(0, 0, 250, 122)
	moved, err := display.Compose(at.Add(image.Pt(-30, 7)), card, paper)
	if err != nil {
		t.Fatal(err)
	}
	if moved.Bounds() != at || !slices.Equal(moved.Pix, compose(t, panel{250, 122, paper}, card).Pix) {
		t.Errorf("a panel with another origin gives %v", moved.Bounds())
	}
}

func TestTooSmallAPanel(t *testing.T) {
	for _, bounds := range []image.Rectangle{{}, image.Rect(0, 0, 7, 100), image.Rect(0, 0, 100, 7)} {
		if _, err := display.Compose(bounds, cards()["words"], paper); err == nil {
			t.Errorf("Compose for %v: got no error", bounds)
		}
	}
}

func TestComposeWords(t *testing.T) {
	p := panel{128, 32, oled}
	card := display.Card{Code: longLink, Title: "Table 7", Typed: []string{"4K7M-XR"}, Tone: display.Trouble}
	got, err := display.ComposeWords(p.bounds(), card, p.traits)
	if err != nil {
		t.Fatalf("ComposeWords: %v", err)
	}
	if want := compose(t, p, display.Card{Title: "Table 7", Typed: []string{"4K7M-XR"}}); !slices.Equal(got.Pix, want.Pix) {
		t.Error("the words differ from a plain message")
	}
	card.Typed = []string{"q.example", "4K7M-XR"}
	if tight, err := display.ComposeWords(p.bounds(), card, p.traits); err != nil || !slices.Equal(tight.Pix, got.Pix) || !tight.Shortened {
		t.Errorf("with too many typed lines the code must stay: %v", err)
	}
	if _, err := display.ComposeWords(p.bounds(), display.Card{Code: link}, p.traits); err == nil {
		t.Error("ComposeWords without words: got no error")
	}
}

func FuzzEncode(f *testing.F) {
	for _, seed := range []string{link, longLink, "", "https://q.example/ä b", "BCD\n002\n1", "HTTP://", "https://user@host/", "\xff\xfe", strings.Repeat("9", 8000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tight := display.Tighten(text)
		if !strings.EqualFold(tight, text) {
			t.Errorf("Tighten(%q) = %q changes more than case", text, tight)
		}
		if a, err := url.Parse(text); err == nil && a.Host != "" {
			if b, err := url.Parse(tight); err != nil || b.EscapedPath() != a.EscapedPath() || b.RawQuery != a.RawQuery {
				t.Errorf("Tighten(%q) = %q has another path or query: %v", text, tight, err)
			}
		}
		code, err := display.Encode(text, display.LevelM)
		if err != nil {
			return
		}
		if n := code.Size(); n < 21 || n > 177 || n%4 != 1 {
			t.Errorf("Encode(%q) has %d modules", text, n)
		}
		again, err := display.Encode(code.Text(), display.LevelM)
		if err != nil || again.Text() != code.Text() {
			t.Errorf("Encode(%q) escapes twice: %q, %v", text, again.Text(), err)
		}
	})
}
