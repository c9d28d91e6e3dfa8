// Package file is a display that is a PNG file: for the demo, for tests, for
// screenshots, and for any screen that can show a picture from disk. Every
// picture replaces the file as a whole; a reader never sees half of one.
package file

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"github.com/comanda-pos/comanda/hardware/display"
)

// Settings describe the file and the panel it stands for.
type Settings struct {
	// Path is where the picture goes, for example "/run/comanda/table-7.png".
	Path string `yaml:"path"`
	// Width and Height are the panel's size in pixels; zero means 800×480.
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
	// Scale enlarges every pixel to a square of so many pixels; zero means 1.
	Scale int `yaml:"scale"`
	// Mono draws without grey, as on e-paper.
	Mono bool `yaml:"mono"`
	// Interval is the shortest time between two pictures, to act like e-paper.
	Interval time.Duration `yaml:"interval"`
}

const (
	defaultWidth, defaultHeight = 800, 480
	largestSide                 = 8192
	largestScale                = 32
)

// withDefaults fills in what was left out.
func (s Settings) withDefaults() Settings {
	if s.Width == 0 && s.Height == 0 {
		s.Width, s.Height = defaultWidth, defaultHeight
	}
	s.Scale = max(s.Scale, 1)
	return s
}

// Check says everything that is wrong with the settings, or nil.
func (s Settings) Check() error {
	var errs []error
	if s.Path == "" {
		errs = append(errs, errors.New("path is missing"))
	}
	if s.Scale < 0 || s.Scale > largestScale {
		errs = append(errs, fmt.Errorf("scale is %d, want 1 to %d", s.Scale, largestScale))
	}
	if s.Interval < 0 {
		errs = append(errs, fmt.Errorf("interval is %v, want none or more", s.Interval))
	}
	full := s.withDefaults()
	if w, h := full.Width, full.Height; min(w, h) < 8 || max(w, h)*min(full.Scale, largestScale) > largestSide {
		errs = append(errs, fmt.Errorf("size is %d×%d at scale %d, want 8 to %d pixels a side", w, h, full.Scale, largestSide))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("display file: %w", err)
	}
	return nil
}

// Display writes pictures to a file.
type Display struct {
	settings Settings
	closed   bool
}

var (
	_ display.Display   = (*Display)(nil)
	_ display.Describer = (*Display)(nil)
)

// Open checks the settings and that the file's folder exists. The file itself is
// first written by Show and stays after Close.
func Open(s Settings) (*Display, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	folder := filepath.Dir(s.Path)
	info, err := os.Stat(folder)
	if err != nil {
		return nil, fmt.Errorf("display file: look for its folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("display file: %s is not a folder", folder)
	}
	return &Display{settings: s.withDefaults()}, nil
}

// Bounds implements display.Display: the size before enlarging.
func (d *Display) Bounds() image.Rectangle {
	return image.Rect(0, 0, d.settings.Width, d.settings.Height)
}

// Traits implements display.Describer.
func (d *Display) Traits() display.Traits {
	return display.Traits{Mono: d.settings.Mono, MinInterval: d.settings.Interval}
}

// String implements display.Display.
func (d *Display) String() string {
	return fmt.Sprintf("PNG file %s, %d×%d", d.settings.Path, d.settings.Width, d.settings.Height)
}

// Close implements display.Display.
func (d *Display) Close() error {
	d.closed = true
	return nil
}

// Show implements display.Display. The picture is on the disk, not just in its
// cache, when Show returns.
func (d *Display) Show(ctx context.Context, picture image.Image) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.closed {
		return display.ErrClosed
	}
	if err := display.CheckSize(d.Bounds(), picture); err != nil {
		return err
	}
	if err := d.replace(enlarge(picture, d.settings.Scale)); err != nil {
		return fmt.Errorf("write display file: %w", err)
	}
	if err := syncFolder(filepath.Dir(d.settings.Path)); err != nil {
		return fmt.Errorf("write display file: %w", err)
	}
	return nil
}

// replace writes the picture beside the file and then takes its place.
func (d *Display) replace(picture image.Image) (err error) {
	folder := filepath.Dir(d.settings.Path)
	temp, err := os.CreateTemp(folder, "."+filepath.Base(d.settings.Path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close() // may be closed already; the first error is the one to tell
			_ = os.Remove(temp.Name())
		}
	}()
	out := bufio.NewWriter(temp)
	if err := png.Encode(out, picture); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	const readable = 0o644 // CreateTemp makes private files; viewers are other users
	if err := temp.Chmod(readable); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), d.settings.Path)
}

// syncFolder makes the renaming last.
func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return nil // the picture is in place; some folders can be entered but not read
	}
	defer dir.Close()
	return dir.Sync()
}

// enlarge copies the picture with every pixel scale times as wide and high.
func enlarge(picture image.Image, scale int) image.Image {
	from := picture.Bounds()
	size := image.Rect(0, 0, from.Dx()*scale, from.Dy()*scale)
	var large draw.Image = image.NewRGBA(size)
	if picture.ColorModel() == color.GrayModel {
		large = image.NewGray(size) // a third of the file
	}
	for y := range large.Bounds().Dy() {
		for x := range large.Bounds().Dx() {
			large.Set(x, y, picture.At(from.Min.X+x/scale, from.Min.Y+y/scale))
		}
	}
	return large
}
