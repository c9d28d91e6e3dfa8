package file_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/display/displaytest"
	"github.com/comanda-pos/comanda/hardware/display/file"
)

func open(t *testing.T, s file.Settings) *file.Display {
	t.Helper()
	d, err := file.Open(s)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return d
}

func read(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	return picture
}

func TestContract(t *testing.T) {
	for _, scale := range []int{0, 3} {
		displaytest.Run(t, func(t *testing.T) display.Display {
			return open(t, file.Settings{Path: filepath.Join(t.TempDir(), "p.png"), Width: 64, Height: 40, Scale: scale, Interval: time.Second})
		})
	}
}

func TestFileHoldsThePictureEnlarged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.png")
	d := open(t, file.Settings{Path: path, Width: 30, Height: 20, Scale: 4})
	coloured := image.NewNRGBA(image.Rect(5, 5, 35, 25))
	coloured.Set(7, 6, color.NRGBA{R: 200, G: 10, B: 30, A: 255})
	for name, picture := range map[string]image.Image{"grey": displaytest.Pattern(image.Pt(30, 20)), "colour": coloured} {
		if err := d.Show(t.Context(), picture); err != nil {
			t.Fatalf("Show %s: %v", name, err)
		}
		got := read(t, path)
		if got.Bounds().Size() != image.Pt(120, 80) {
			t.Fatalf("%s: file is %v, want 120×80", name, got.Bounds())
		}
		for y := range 80 {
			for x := range 120 {
				r, g, b, a := got.At(x, y).RGBA()
				wr, wg, wb, wa := picture.At(picture.Bounds().Min.X+x/4, picture.Bounds().Min.Y+y/4).RGBA()
				if r != wr || g != wg || b != wb || a != wa {
					t.Fatalf("%s: pixel (%d,%d) differs", name, x, y)
				}
			}
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("the folder holds %v, want only the picture", entries)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("file mode: got %v, want 0644: %v", info.Mode(), err)
	}
}

func TestReadersNeverSeeHalfAPicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.png")
	d := open(t, file.Settings{Path: path, Width: 200, Height: 100})
	picture := displaytest.Pattern(image.Pt(200, 100))
	if err := d.Show(t.Context(), picture); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				f, err := os.Open(path)
				if err == nil {
					_, err = png.Decode(f)
					f.Close()
				}
				if err != nil {
					t.Errorf("read while writing: %v", err)
				}
			}
		}
	})
	for range 30 {
		if err := d.Show(t.Context(), picture); err != nil {
			t.Error(err)
		}
	}
	close(done)
	reader.Wait()
}

func TestFailedWriteLeavesTheOldPicture(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "shelf")
	path := filepath.Join(folder, "p.png")
	if err := os.MkdirAll(path, 0o755); err != nil { // a folder where the file should go
		t.Fatal(err)
	}
	d := open(t, file.Settings{Path: path, Width: 16, Height: 16})
	if err := d.Show(t.Context(), displaytest.Pattern(image.Pt(16, 16))); err == nil || !strings.Contains(err.Error(), "write display file") {
		t.Errorf("Show onto a folder: got %v, want an error that says so", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, want no rest of the attempt: %v", entries, err)
	}
}

func TestSettings(t *testing.T) {
	tests := map[string]struct {
		settings file.Settings
		want     []string
	}{
		"path only":  {file.Settings{Path: "p.png"}, nil},
		"everything": {file.Settings{Width: -3, Height: 9000, Scale: 99, Interval: -1}, []string{"path is missing", "scale is 99", "interval", "size is"}},
		"one side":   {file.Settings{Path: "p.png", Width: 100}, []string{"size is 100×0"}},
		"huge":       {file.Settings{Path: "p.png", Width: 1024, Height: 600, Scale: 20}, []string{"at scale 20"}},
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
	if _, err := file.Open(file.Settings{Path: filepath.Join(t.TempDir(), "missing", "p.png")}); err == nil {
		t.Error("Open in a missing folder: got no error")
	}
	if got := open(t, file.Settings{Path: "p.png"}).Bounds().Size(); got != image.Pt(800, 480) {
		t.Errorf("default size: got %v, want 800×480", got)
	}
}
