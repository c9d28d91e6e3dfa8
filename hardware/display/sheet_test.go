package display_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/comanda-pos/comanda/hardware/display"
)

// quiet is the border ISO/IEC 18004 asks for.
const quiet = 4

// bordered is what a sheet must show: the code's modules within the border.
func bordered(t *testing.T, text string) [][]bool {
	t.Helper()
	code, err := display.Encode(text, display.LevelM)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]bool, code.Size()+2*quiet)
	for y := range rows {
		rows[y] = make([]bool, len(rows))
		for x := range rows {
			rows[y][x] = code.Dark(x-quiet, y-quiet)
		}
	}
	return rows
}

// sameModules fails at the first module that differs.
func sameModules(t *testing.T, got, want [][]bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d rows, want %d", len(got), len(want))
	}
	for y := range want {
		if len(got[y]) != len(want[y]) {
			t.Fatalf("row %d has %d modules, want %d", y, len(got[y]), len(want[y]))
		}
		for x := range want[y] {
			if got[y][x] != want[y][x] {
				t.Fatalf("module (%d,%d) is dark: %v, want %v", x, y, got[y][x], want[y][x])
			}
		}
	}
}

func TestQRSVG(t *testing.T) {
	svg, err := display.QRSVG(link)
	if err != nil {
		t.Fatalf("QRSVG: %v", err)
	}
	var document struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
		ViewBox string   `xml:"viewBox,attr"`
		Paths   []struct {
			Fill string `xml:"fill,attr"`
			D    string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(svg), &document); err != nil {
		t.Fatalf("QRSVG is not XML: %v", err)
	}
	want := bordered(t, link)
	if box := fmt.Sprintf("0 0 %d %d", len(want), len(want)); document.ViewBox != box || len(document.Paths) != 2 {
		t.Fatalf("viewBox %q with %d paths, want %q with ground and code", document.ViewBox, len(document.Paths), box)
	}
	if ground := document.Paths[0]; ground.Fill != "#fff" || ground.D != fmt.Sprintf("M0 0h%dv%dH0z", len(want), len(want)) {
		t.Errorf("ground is %+v, want all of it white", ground)
	}
	sameModules(t, inked(t, document.Paths[1].D, len(want)), want)
}

// inked fills a bitmap from the path's rectangles.
func inked(t *testing.T, path string, size int) [][]bool {
	t.Helper()
	rows := make([][]bool, size)
	for y := range rows {
		rows[y] = make([]bool, size)
	}
	rest := regexp.MustCompile(`M\d+ \d+h\d+v1h-\d+z`).ReplaceAllStringFunc(path, func(rectangle string) string {
		var x, y, width, back int
		if _, err := fmt.Sscanf(rectangle, "M%d %dh%dv1h-%dz", &x, &y, &width, &back); err != nil || width != back {
			t.Fatalf("rectangle %q: %v", rectangle, err)
		}
		for i := range width {
			rows[y][x+i] = true
		}
		return ""
	})
	if rest != "" {
		t.Fatalf("path has more than rectangles: %q", rest)
	}
	return rows
}

func TestQRPNG(t *testing.T) {
	for _, px := range []int{1, 3, 10} {
		data, err := display.QRPNG(link, px)
		if err != nil {
			t.Fatalf("QRPNG: %v", err)
		}
		picture, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("QRPNG is not a PNG file: %v", err)
		}
		want := bordered(t, link)
		if size := picture.Bounds().Size(); size.X != len(want)*px || size.Y != size.X {
			t.Fatalf("picture is %v, want %d pixels a side", size, len(want)*px)
		}
		for y := range len(want) * px {
			for x := range len(want) * px {
				r, g, b, _ := picture.At(x, y).RGBA()
				if dark := r+g+b == 0; dark != want[y/px][x/px] || !dark && r+g+b != 3*0xFFFF {
					t.Fatalf("pixel (%d,%d) at %d px a module is %v", x, y, px, picture.At(x, y))
				}
			}
		}
	}
	for _, px := range []int{0, -1, 65} {
		if _, err := display.QRPNG(link, px); err == nil {
			t.Errorf("QRPNG with %d pixels a module: got no error", px)
		}
	}
}

func TestQRTerminal(t *testing.T) {
	for _, text := range []string{link, longLink} {
		lines, err := display.QRTerminal(text)
		if err != nil {
			t.Fatalf("QRTerminal: %v", err)
		}
		got := terminal(t, lines)
		want := bordered(t, text)
		// Two modules share a line, so an odd number ends with a light half.
		for _, dark := range got[len(want)] {
			if dark {
				t.Error("the half line under the border is dark, want light")
			}
		}
		sameModules(t, got[:len(want)], want)
	}
}

// terminal reads the lines as a terminal does: black ink on white ground.
func terminal(t *testing.T, lines string) [][]bool {
	t.Helper()
	halves := map[rune][2]bool{' ': {}, '▀': {true, false}, '▄': {false, true}, '█': {true, true}}
	var rows [][]bool
	for line := range strings.Lines(lines) {
		line, starts := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		line, ends := strings.CutSuffix(line, "\x1b[0m\n")
		if !starts || !ends {
			t.Fatalf("line %q does not set and reset its colours", line)
		}
		var upper, lower []bool
		for _, char := range line {
			half, ok := halves[char]
			if !ok {
				t.Fatalf("line %q holds %q", line, char)
			}
			upper, lower = append(upper, half[0]), append(lower, half[1])
		}
		rows = append(rows, upper, lower)
	}
	return rows
}

func TestSheetsRefuseNothing(t *testing.T) {
	_, svg := display.QRSVG("")
	_, file := display.QRPNG("", 4)
	_, text := display.QRTerminal("")
	for name, err := range map[string]error{"QRSVG": svg, "QRPNG": file, "QRTerminal": text} {
		if !errors.Is(err, display.ErrNoText) {
			t.Errorf("%s of nothing: got %v, want %v", name, err, display.ErrNoText)
		}
	}
}
