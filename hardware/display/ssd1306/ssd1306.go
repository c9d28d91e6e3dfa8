// Package ssd1306 drives OLED panels with a Solomon Systech SSD1306 controller
// (128×64 or 128×32 pixels) on an I²C bus, by way of periph.io. Wiring: VCC to
// 3.3 V, GND, SCL and SDA to the bus (pins 5 and 3 of a Raspberry Pi's header).
// Register numbers and addressing are those of the SSD1306 datasheet, revision
// 1.1. Panels with an SH1106 look alike but place their picture two columns to
// the side.
package ssd1306

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"log/slog"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/devices/v3/ssd1306"
	"periph.io/x/devices/v3/ssd1306/image1bit"

	"github.com/comanda-pos/comanda/hardware/display"
)

// Settings describe one panel.
type Settings struct {
	// Bus is the I²C bus by its name or device file; empty means "I2C1", the one
	// on a Raspberry Pi's header.
	Bus string `yaml:"bus"`
	// Address is the panel's I²C address; zero means 0x3C, a few boards have 0x3D.
	Address uint16 `yaml:"address"`
	// Height is 64 or 32; zero means 64. The width is always 128.
	Height int `yaml:"height"`
	// UpsideDown turns the picture by 180°.
	UpsideDown bool `yaml:"upsideDown"`
	// Brightness is 1 to 255; zero means 255. Lower values age the panel less.
	Brightness int `yaml:"brightness"`
}

const (
	defaultBus     = "I2C1"
	defaultAddress = 0x3C
	otherAddress   = 0x3D
	width          = 128
	fullHeight     = 64
	halfHeight     = 32
	fullBrightness = 255
)

// withDefaults fills in what was left out.
func (s Settings) withDefaults() Settings {
	if s.Bus == "" {
		s.Bus = defaultBus
	}
	if s.Address == 0 {
		s.Address = defaultAddress
	}
	if s.Height == 0 {
		s.Height = fullHeight
	}
	if s.Brightness == 0 {
		s.Brightness = fullBrightness
	}
	return s
}

// Check says everything that is wrong with the settings, or nil.
func (s Settings) Check() error {
	var errs []error
	full := s.withDefaults()
	if full.Address != defaultAddress && full.Address != otherAddress {
		errs = append(errs, fmt.Errorf("address is %#x, want %#x or %#x", full.Address, defaultAddress, otherAddress))
	}
	if full.Height != fullHeight && full.Height != halfHeight {
		errs = append(errs, fmt.Errorf("height is %d, want %d or %d", full.Height, fullHeight, halfHeight))
	}
	if full.Brightness < 1 || full.Brightness > fullBrightness {
		errs = append(errs, fmt.Errorf("brightness is %d, want 1 to %d", full.Brightness, fullBrightness))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("display ssd1306: %w", err)
	}
	return nil
}

// redraw is how often a standing picture is sent again, which heals a panel that
// lost its power for a moment and notices one that was unplugged.
const redraw = 30 * time.Second

// Display is one panel.
type Display struct {
	settings Settings
	bus      i2c.Bus
	closer   io.Closer // nil if the bus is not ours to close
	// device is nil before the first picture and after an error: periph's device
	// believes that what it failed to send has arrived, and would send nothing
	// when the same picture comes again.
	device *ssd1306.Dev
	shown  []byte // what the panel holds, or nil
	closed bool
}

var (
	_ display.Display   = (*Display)(nil)
	_ display.Describer = (*Display)(nil)
)

// Open opens the bus by its name. The panel itself is first spoken to by Show.
func Open(ctx context.Context, s Settings, log *slog.Logger) (*Display, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	s = s.withDefaults()
	bus, err := openBus(ctx, s.Bus, log)
	if err != nil {
		return nil, fmt.Errorf("display ssd1306: %w", err)
	}
	return &Display{settings: s, bus: bus, closer: bus}, nil
}

// New drives a panel on a bus that is open already and stays open after Close.
func New(bus i2c.Bus, s Settings) (*Display, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return &Display{settings: s.withDefaults(), bus: bus}, nil
}

// Bounds implements display.Display.
func (d *Display) Bounds() image.Rectangle { return image.Rect(0, 0, width, d.settings.Height) }

// Traits implements display.Describer.
func (d *Display) Traits() display.Traits {
	return display.Traits{Mono: true, Emissive: true, MaxInterval: redraw}
}

// String implements display.Display.
func (d *Display) String() string {
	return fmt.Sprintf("SSD1306 %d×%d on %s at %#x", width, d.settings.Height, d.settings.Bus, d.settings.Address)
}

// Show implements display.Display. Only what changed is sent; a picture that is
// shown already is sent in full to a panel set up anew. A transfer under way does
// not heed ctx; a full picture takes about 0.1 s at 100 kHz.
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
	bits := lit(picture)
	if bytes.Equal(bits.Pix, d.shown) {
		d.device = nil
	}
	if err := d.send(bits); err != nil {
		d.device, d.shown = nil, nil
		return fmt.Errorf("draw on %s: %w", d, err)
	}
	d.shown = bits.Pix
	return nil
}

// send draws bits, on a device made anew if there is none.
func (d *Display) send(bits *image1bit.VerticalLSB) error {
	if d.device == nil {
		device, err := d.setUp()
		if err != nil {
			return fmt.Errorf("set up panel: %w", err)
		}
		d.device = device
	}
	return d.device.Draw(d.Bounds(), bits, image.Point{})
}

// setUp initialises the controller.
func (d *Display) setUp() (*ssd1306.Dev, error) {
	device, err := ssd1306.NewI2C(readdressed{d.bus, d.settings.Address}, &ssd1306.Opts{
		W: width, H: d.settings.Height,
		MirrorVertical: d.settings.UpsideDown, MirrorHorizontal: d.settings.UpsideDown,
		// Panels of 32 rows connect them in sequence (datasheet, 10.1.18).
		Sequential: d.settings.Height == halfHeight,
	})
	if err != nil {
		return nil, err
	}
	if d.settings.Brightness == fullBrightness {
		return device, nil // as set up
	}
	return device, device.SetContrast(byte(d.settings.Brightness))
}

// Close implements display.Display. It switches the panel off, so that an old
// code does not stay lit.
func (d *Display) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	var errs []error
	if d.device != nil {
		errs = append(errs, d.device.Halt())
	}
	if d.closer != nil {
		errs = append(errs, d.closer.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close %s: %w", d, err)
	}
	return nil
}

// lit converts a picture to the controller's form: a light pixel is a lit one.
func lit(picture image.Image) *image1bit.VerticalLSB {
	const half = 0x80
	from := picture.Bounds()
	bits := image1bit.NewVerticalLSB(image.Rect(0, 0, from.Dx(), from.Dy()))
	for y := range from.Dy() {
		for x := range from.Dx() {
			grey := color.GrayModel.Convert(picture.At(from.Min.X+x, from.Min.Y+y)).(color.Gray)
			bits.SetBit(x, y, grey.Y >= half)
		}
	}
	return bits
}

// readdressed is a bus on which every message goes to one address; periph's
// device knows only 0x3C.
type readdressed struct {
	i2c.Bus
	address uint16
}

// Tx implements i2c.Bus.
func (r readdressed) Tx(_ uint16, w, read []byte) error { return r.Bus.Tx(r.address, w, read) }
