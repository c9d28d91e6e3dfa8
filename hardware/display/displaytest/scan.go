package displaytest

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Scan shows the picture, enlarged and with a light border, to zbarimg (Debian
// package zbar-tools) and returns what it reads. No code, more than one, or no
// zbarimg fails the test.
func Scan(t *testing.T, picture image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scan.png")
	if err := os.WriteFile(path, held(t, picture), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	scan := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", "-Sdisable", "-Sqr.enable", path)
	scan.Stderr = &said
	out, err := scan.Output()
	if err != nil {
		t.Fatalf("zbarimg reads no code: %v: %s", err, said.String())
	}
	text, one := strings.CutSuffix(string(out), "\n")
	if !one || strings.Contains(text, "\n") {
		t.Fatalf("zbarimg reads %q, want one code", out)
	}
	return text
}

// held is the picture as a camera would have it: four pixels for each of the
// panel's, on a light table.
func held(t *testing.T, picture image.Image) []byte {
	t.Helper()
	const zoom, border = 4, 24
	size := picture.Bounds().Size()
	photo := image.NewGray(image.Rect(0, 0, size.X*zoom+2*border, size.Y*zoom+2*border))
	draw.Draw(photo, photo.Rect, image.White, image.Point{}, draw.Src)
	for y := range size.Y * zoom {
		for x := range size.X * zoom {
			photo.Set(x+border, y+border, picture.At(picture.Bounds().Min.X+x/zoom, picture.Bounds().Min.Y+y/zoom))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, photo); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
