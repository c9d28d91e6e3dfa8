package type2

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// Report says what was written, after it has been read back.
type Report struct {
	UID []byte
	// Chip names the tag; it is empty when the tag does not tell.
	Chip string
	// URI is the address as the tag now gives it, or empty when none was written.
	URI string
	// Size and Capacity are bytes of the encoded message and of the longest one that fits.
	Size, Capacity int
	// Pages counts the pages that were written; none when the tag held the content already.
	Pages int
}

// WriteURI makes the tag hold uri as its only content and reads it back after a power cycle. See [Write].
func WriteURI(ctx context.Context, card Card, uri string) (Report, error) {
	record, err := ndef.URIRecord(uri)
	if err != nil {
		return Report{}, err
	}
	return Write(ctx, card, ndef.Message{record})
}

// Write makes the tag hold message as its only content and reads it back after a power cycle.
//
// Nothing is written when the content does not fit ([*CapacityError]) or the tag is protected ([*ProtectedError]). When
// writing is cut short at any point, the tag holds the old content, none, or the new; never a part. Repeating the call
// then ends as if nothing had happened. A tag that was exchanged meanwhile is noticed before the content becomes visible
// ([ErrSwapped]).
func Write(ctx context.Context, card Card, message ndef.Message) (Report, error) {
	raw, err := message.Marshal()
	if err != nil {
		return Report{}, err
	}
	uid, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return Report{}, err
	}
	w, err := prepare(ctx, card, uid, raw)
	report := Report{UID: uid, Chip: w.chip.Name, Size: len(raw), Capacity: w.capacity}
	if err != nil {
		return report, err
	}
	if report.Pages, err = w.run(ctx); err != nil {
		return report, errors.Join(err, w.settle(ctx, err))
	}
	report.URI, err = w.verify(ctx, raw)
	return report, err
}

// writer carries one writing from its preparation to its proof.
type writer struct {
	card     Card
	chip     Chip
	head     head
	capacity int
	plan     plan
}

// prepare looks at the tag without changing it.
func prepare(ctx context.Context, card Card, uid, raw []byte) (writer, error) {
	w := writer{card: card}
	var err error
	if w.chip, err = Identify(ctx, card); err != nil {
		return w, err
	}
	if w.head, err = readHead(ctx, card); err != nil {
		return w, err
	}
	if !w.head.fits(uid) {
		return w, ErrSwapped
	}
	if err := w.arrange(ctx, raw); err != nil {
		return w, err
	}
	if w.plan.same {
		return w, nil
	}
	return w, w.allowed(ctx)
}

// arrange reads the data area as far as needed and makes the plan. A page that refuses to be read twice, with the field
// cycled in between, is taken to be behind a password.
func (w *writer) arrange(ctx context.Context, raw []byte) error {
	tag := &image{t: w.card}
	err := w.layOut(ctx, tag, raw)
	if !apdu.Refused(err) {
		return err
	}
	if err := w.card.Reset(ctx); err != nil {
		return err
	}
	if err = w.layOut(ctx, tag, raw); !apdu.Refused(err) {
		return err
	}
	if err := w.card.Reset(ctx); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", &ProtectedError{Page: tag.nextPage(), By: "a password"}, err)
}

func (w *writer) layOut(ctx context.Context, tag *image, raw []byte) error {
	size, err := w.head.area()
	if err != nil {
		return err
	}
	l, err := scan(tag.source(ctx), size)
	if err != nil && !errors.Is(err, ndef.ErrMalformed) {
		return err
	}
	w.capacity = l.capacity()
	if len(raw) > w.capacity || l.room(l.place) < 2 {
		return &CapacityError{Chip: w.chip.Name, Need: len(raw), Fits: w.capacity}
	}
	positions := l.positions(len(encode(raw)) + 1)
	last := positions[len(positions)-1] / apdu.PageSize
	if err := tag.load(ctx, (last+1)*apdu.PageSize); err != nil {
		return err
	}
	w.plan = makePlan(l, raw, tag.page)
	return nil
}

func (w *writer) allowed(ctx context.Context) error {
	p, err := readProtection(ctx, w.card, w.chip, w.head)
	if err != nil {
		return err
	}
	for _, page := range w.plan.pages() {
		if err := p.check(firstPage + page); err != nil {
			return err
		}
	}
	return nil
}

// run writes the plan and returns how many pages it wrote.
func (w *writer) run(ctx context.Context) (int, error) {
	if w.plan.same {
		return 0, nil
	}
	if err := w.still(ctx); err != nil {
		return 0, err
	}
	if err := w.page(ctx, w.plan.empty); err != nil {
		return 0, err
	}
	for i, s := range w.plan.body {
		if err := w.page(ctx, s); err != nil {
			return i + 1, err
		}
	}
	written := len(w.plan.body) + 1
	if err := w.still(ctx); err != nil {
		return written, err
	}
	if err := w.page(ctx, w.plan.final); err != nil {
		return written, err
	}
	return written + 1, nil
}

func (w *writer) page(ctx context.Context, s step) error {
	page := firstPage + s.page
	_, err := apdu.Send(ctx, w.card, fmt.Sprintf("write page %d", page), apdu.WritePage(byte(page), s.data))
	return err
}

// still makes sure that the tag is the one that was there at the start. A swap inside one poll of the reader makes no
// event, and the old handle goes on with the new tag.
func (w *writer) still(ctx context.Context) error {
	h, err := readHead(ctx, w.card)
	if err != nil {
		return err
	}
	if !h.sameTag(w.head) {
		return ErrSwapped
	}
	return nil
}

// settle wakes a tag that refused a command, so that the caller finds it listening.
func (w *writer) settle(ctx context.Context, err error) error {
	if !apdu.Refused(err) {
		return nil
	}
	return w.card.Reset(ctx)
}

// verify reads the tag as a stranger would: without power in between it might answer from a buffer.
func (w *writer) verify(ctx context.Context, raw []byte) (string, error) {
	if err := w.card.Reset(ctx); err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	if err := w.still(ctx); err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	content, _, err := readContent(ctx, w.card, w.head)
	if err != nil {
		return "", fmt.Errorf("read back: %w", err)
	}
	if !bytes.Equal(content.Raw, raw) {
		return "", fmt.Errorf("read back: %w", ErrMismatch)
	}
	uri, _ := content.Message.URI()
	return uri, nil
}
