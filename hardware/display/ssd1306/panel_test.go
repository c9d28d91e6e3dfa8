package ssd1306_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"

	"periph.io/x/conn/v3/i2c/i2ctest"
)

// panel is a model of the controller's display RAM in page addressing: eight
// pages of 128 bytes, each byte eight pixels with the lowest bit on top (SSD1306
// datasheet, 8.7 and 10.1.3). It knows the commands of periph's driver and fails
// on any other, so that a change there is noticed.
type panel struct {
	ram       [8][128]byte
	page, col int
	on        bool
	remap     bool // column 127 is SEG0
	flip      bool // scan from COM(N-1)
	rows      int
	contrast  byte
	sequence  bool // COM pins in sequence
	begin     [2]int
	end       [2]int
	inits     int
	dataBytes int
}

// arguments is how many bytes follow a command (datasheet, table 9-1).
func arguments(command byte) (int, error) {
	switch {
	case command == 0x21 || command == 0x22:
		return 2, nil
	case slices.Contains([]byte{0x20, 0x81, 0x8D, 0xA8, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB}, command):
		return 1, nil
	case command <= 0x1F, command == 0x2E, command == 0x40, command >= 0xB0 && command <= 0xB7,
		slices.Contains([]byte{0xA0, 0xA1, 0xA4, 0xA6, 0xAE, 0xAF, 0xC0, 0xC8}, command):
		return 0, nil
	}
	return 0, fmt.Errorf("unknown command %#02x", command)
}

// replay feeds recorded writes into the model.
func (p *panel) replay(ops []i2ctest.IO, address uint16) error {
	for i, op := range ops {
		if op.Addr != address {
			return fmt.Errorf("write %d goes to %#x, want %#x", i, op.Addr, address)
		}
		if err := p.write(op.W); err != nil {
			return fmt.Errorf("write %d: %w", i, err)
		}
	}
	return nil
}

// write takes one transfer: a control byte, then commands or data.
func (p *panel) write(w []byte) error {
	if len(w) < 2 {
		return errors.New("transfer without content")
	}
	switch w[0] {
	case 0x00:
		return p.commands(w[1:])
	case 0x40:
		p.data(w[1:])
		return nil
	}
	return fmt.Errorf("unknown control byte %#02x", w[0])
}

func (p *panel) commands(list []byte) error {
	for len(list) > 0 {
		n, err := arguments(list[0])
		if err != nil {
			return err
		}
		if len(list) < 1+n {
			return fmt.Errorf("command %#02x lacks its arguments", list[0])
		}
		p.command(list[0], list[1:1+n])
		list = list[1+n:]
	}
	return nil
}

func (p *panel) command(command byte, args []byte) {
	switch {
	case command <= 0x0F:
		p.col = p.col&^0x0F | int(command)
	case command <= 0x1F:
		p.col = p.col&0x0F | int(command&0x0F)<<4
	case command == 0x21:
		p.begin[0], p.end[0], p.col = int(args[0]), int(args[1]), int(args[0])
	case command == 0x22:
		p.begin[1], p.end[1], p.page = int(args[0]), int(args[1]), int(args[0])
	case command&^7 == 0xB0:
		p.page = int(command & 7)
	case command == 0x81:
		p.contrast = args[0]
	case command == 0xA0 || command == 0xA1:
		p.remap = command == 0xA1
	case command == 0xC0 || command == 0xC8:
		p.flip = command == 0xC8
	case command == 0xA8:
		p.rows = int(args[0]) + 1
	case command == 0xDA:
		p.sequence = args[0]&0x10 == 0
	case command == 0xAE:
		p.on = false
	case command == 0xAF:
		p.on = true
		p.inits++
	}
}

// data fills the RAM from the pointer on, in horizontal addressing.
func (p *panel) data(bytes []byte) {
	p.dataBytes += len(bytes)
	for _, b := range bytes {
		p.ram[p.page][p.col] = b
		p.col++
		if p.col > p.end[0] {
			p.col = p.begin[0]
			p.page++
			if p.page > p.end[1] {
				p.page = p.begin[1]
			}
		}
	}
}

// picture is what a person in front of the panel sees. Modules are built so that
// the remapped column and row order (A1, C8) is upright.
func (p *panel) picture() *image.Gray {
	seen := image.NewGray(image.Rect(0, 0, 128, p.rows))
	for y := range p.rows {
		for x := range 128 {
			if !p.on || p.ram[y/8][x]>>(y%8)&1 == 0 {
				continue
			}
			at := image.Pt(x, y)
			if !p.remap {
				at.X = 127 - x
			}
			if !p.flip {
				at.Y = p.rows - 1 - y
			}
			seen.SetGray(at.X, at.Y, color.Gray{Y: 0xFF})
		}
	}
	return seen
}
