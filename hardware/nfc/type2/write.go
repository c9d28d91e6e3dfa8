package type2

import (
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
	// Pages counts the pages that were written; none when the tag was already as it should be.
	Pages int
	// Genuine says that the tag carries NXP's signature. Only [Protect] asks for it.
	Genuine bool
	// Protected says that the tag takes changes only with its password, and Locked that it takes none any more. Only
	// [Protect] and [Unprotect] tell.
	Protected, Locked bool
}

// An Option changes how a tag is written.
type Option func(*writer)

// WithKey gives a protected tag the password that key derives for it, once. A tag whose password is another one is left as
// it is ([*ForeignError]).
func WithKey(key Key) Option { return func(w *writer) { w.key = &key } }

// WriteURI makes the tag hold uri as its only content and reads it back after a power cycle. See [Write].
func WriteURI(ctx context.Context, card Card, uri string, options ...Option) (Report, error) {
	record, err := ndef.URIRecord(uri)
	if err != nil {
		return Report{}, err
	}
	return Write(ctx, card, ndef.Message{record}, options...)
}

// Write makes the tag hold message as its only content and reads it back after a power cycle.
//
// Nothing is written when the content does not fit ([*CapacityError]) or the tag is protected ([*ProtectedError]). When
// writing is cut short at any point, the tag holds the old content, none, or the new; never a part. Repeating the call
// then ends as if nothing had happened. A tag that was exchanged meanwhile is noticed before the content becomes visible
// ([ErrSwapped]).
func Write(ctx context.Context, card Card, message ndef.Message, options ...Option) (Report, error) {
	raw, err := message.Marshal()
	if err != nil {
		return Report{}, err
	}
	uid, err := apdu.ReadUID(ctx, card)
	if err != nil {
		return Report{}, err
	}
	w := &writer{card: card, uid: uid}
	for _, o := range options {
		o(w)
	}
	err = w.prepare(ctx, raw)
	report := Report{UID: uid, Chip: w.chip.Name, Size: len(raw), Capacity: w.capacity}
	if err != nil {
		return report, err
	}
	if !w.plan.same {
		report.Pages, err = w.write(ctx, w.around(nil, nil))
	}
	if err != nil {
		return report, errors.Join(err, w.settle(ctx, err))
	}
	report.URI, err = w.verify(ctx, raw)
	return report, err
}

// writer carries one writing from its preparation to its proof.
type writer struct {
	card Card
	uid  []byte
	// key is nil when no password is to be given.
	key  *Key
	chip Chip
	// route is nil when the tag's own commands do not reach it.
	route    *apdu.Route
	head     head
	capacity int
	plan     plan
	// window is where a mirror is to stand in the content, and present the configuration found on the tag.
	window  window
	present config
}

// prepare looks at the tag without changing it.
func (w *writer) prepare(ctx context.Context, raw []byte) error {
	if err := w.look(ctx); err != nil {
		return err
	}
	if err := w.arrange(ctx, raw); err != nil {
		return err
	}
	if w.plan.same {
		return nil
	}
	return w.allowed(ctx)
}

// look finds out what tag this is.
func (w *writer) look(ctx context.Context) (err error) {
	if w.chip, w.route, err = identify(ctx, w.card); err != nil {
		return err
	}
	if w.head, err = readHead(ctx, w.card); apdu.Refused(err) {
		return errors.Join(&ProtectedError{Page: 0, By: byPassword}, err, w.card.Reset(ctx))
	}
	if err != nil {
		return err
	}
	if !w.head.fits(w.uid) {
		return ErrSwapped
	}
	return nil
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
	return fmt.Errorf("%w: %w", &ProtectedError{Page: tag.nextPage(), By: byPassword}, err)
}

// area is the size of the data area, and never more than a known chip has: a container that promises too much would have the
// content written over lock bits and configuration.
func (w *writer) area() (int, error) {
	size, err := w.head.area()
	if err == nil && w.chip.lockPage > 0 {
		size = min(size, (w.chip.lockPage-firstPage)*apdu.PageSize)
	}
	return size, err
}

func (w *writer) layOut(ctx context.Context, tag *image, raw []byte) error {
	size, err := w.area()
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
	if err := w.frame(tag, positions, len(encode(raw))-len(raw)); err != nil {
		return err
	}
	w.plan = makePlan(l, raw, tag.page)
	return nil
}

// frame finds the mirror's place. Where the tag has it already, what it puts there counts as what is stored.
func (w *writer) frame(tag *image, positions []int, header int) (err error) {
	if w.window, err = w.window.mirror.windowOf(w.window.at, header, positions); err != nil {
		return err
	}
	if w.window.mirror != MirrorNone && w.present.cfg0 == w.window.cfg0(w.present.first()) {
		copy(tag.data[w.window.address-firstPage*apdu.PageSize:], w.window.mirror.stored())
	}
	return nil
}

// allowed makes sure that every page of the plan can be written, with the password where one is needed.
func (w *writer) allowed(ctx context.Context) error {
	p, err := readProtection(ctx, w.card, w.chip, w.head)
	if err != nil {
		return err
	}
	if p.config.mirrors() {
		return &ProtectedError{Page: w.chip.cfg0Page(), By: "a mirror that puts the tag's number into its content"}
	}
	if w.key != nil && w.route != nil && p.config.first() < w.chip.pages() {
		p.open = true
		if err := w.writable(p); err != nil {
			return err
		}
		return w.unlock(ctx, p.config)
	}
	return w.writable(p)
}

// unlock gives the tag the password of the key.
func (w *writer) unlock(ctx context.Context, c config) error {
	password, err := w.key.Password(w.uid)
	if err != nil {
		return err
	}
	ok, err := w.login(ctx, password)
	if err == nil && !ok {
		err = &ForeignError{Tried: true, Limit: c.limit()}
	}
	return err
}

func (w *writer) writable(p protection) error {
	for _, page := range w.plan.pages() {
		if err := p.check(firstPage + page); err != nil {
			return err
		}
	}
	return nil
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
	if !w.window.matches(content.Raw, raw, w.uid) {
		return "", fmt.Errorf("read back: %w", ErrMismatch)
	}
	uri, _ := content.Message.URI()
	return uri, nil
}
