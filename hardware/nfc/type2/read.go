package type2

import (
	"context"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// Content is what a tag holds.
type Content struct {
	// Chip is the chip's name as the tag's size suggests it, or empty.
	Chip string
	// ReadOnly says that the tag declares itself read-only.
	ReadOnly bool
	// Capacity is the size in bytes of the longest message that fits.
	Capacity int
	// Raw is the encoded message; nil when there is none.
	Raw     []byte
	Message ndef.Message
}

// Read returns the message on a tag. A tag without a message is no error. With an error that matches
// [ndef.ErrMalformed] the rest of Content is valid. Only harmless commands are sent.
func Read(ctx context.Context, t apdu.Transmitter) (Content, error) {
	h, err := readHead(ctx, t)
	if err != nil {
		return Content{}, err
	}
	content, _, err := readContent(ctx, t, h)
	return content, err
}

func readContent(ctx context.Context, t apdu.Transmitter, h head) (Content, layout, error) {
	content := Content{Chip: guess(h).Name, ReadOnly: h.readOnly()}
	size, err := h.area()
	if err != nil {
		return content, layout{}, err
	}
	src := (&image{t: t}).source(ctx)
	l, err := scan(src, size)
	content.Capacity = l.capacity()
	if err != nil || !l.found {
		return content, l, wrapContent(err)
	}
	if content.Raw, err = l.message(src); err != nil {
		return content, l, err
	}
	content.Message, err = ndef.Parse(content.Raw)
	return content, l, wrapContent(err)
}

func wrapContent(err error) error {
	if err != nil {
		return fmt.Errorf("read what is on the tag: %w", err)
	}
	return nil
}

// image is the data area of a tag, read block by block as it is looked at.
type image struct {
	t    apdu.Transmitter
	data []byte
}

func (i *image) source(ctx context.Context) source {
	return func(offset int) (byte, error) {
		if err := i.load(ctx, offset+1); err != nil {
			return 0, err
		}
		return i.data[offset], nil
	}
}

// load makes sure that the first n bytes are there.
func (i *image) load(ctx context.Context, n int) error {
	for len(i.data) < n {
		block, err := readPages(ctx, i.t, i.nextPage())
		if err != nil {
			return err
		}
		i.data = append(i.data, block...)
	}
	return nil
}

// nextPage is the first page of the tag that has not been read.
func (i *image) nextPage() int { return firstPage + len(i.data)/apdu.PageSize }

// page returns a copy of one page, counted from the start of the data area.
func (i *image) page(n int) [apdu.PageSize]byte {
	return [apdu.PageSize]byte(i.data[n*apdu.PageSize:])
}
