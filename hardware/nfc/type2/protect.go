package type2

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

// ErrNoPassword means that passwords are beyond the tag, or that its reader does not pass them on.
var ErrNoPassword = errors.New("this tag, or this reader, knows no passwords")

// Plan says what [Protect] makes of a tag.
type Plan struct {
	// URI is the address on the tag. With a mirror it has [Placeholder] in it, once.
	URI string
	// Key derives the password that the tag gets.
	Key Key
	// Former derives the password that the tag has now, when that is another one. It is tried first.
	Former *Key
	// Mirror is what the tag puts into its address.
	Mirror Mirror
	// AuthLimit, 3 to 7, makes the tag lock itself for good after so many wrong passwords in a row; 0 lets it bear any number.
	// A limit stops guessing, but lets any passer-by spoil the tag. Fewer than 3 would not leave room for trying Former and Key.
	AuthLimit int
	// MustBeGenuine refuses chips without NXP's signature.
	MustBeGenuine bool
	// Insist gives the password also to a tag that locks itself after wrong ones and does not look like ours. It is needed
	// after AuthLimit was to be changed and the tag left in the middle of a page.
	Insist bool
	// LockForever sets all lock bits in the end: nobody can change the content ever again, the venue included.
	LockForever bool
}

// firstProtected is the AUTH0 of our tags. From page 2 on, not 4, so that no phone in passing can set the lock bits or make the
// capability container read-only, either of which is for good.
const firstProtected = 2

const minLimit = 3

// Protect writes the plan's address, puts the tag behind its own password, and reads everything back after a power cycle. It
// works on new tags and, given the right keys, on protected ones, whose address, key and mirror it changes.
//
// Nothing is written when the tag is of another make or its reader passes no passwords on ([ErrNoPassword]), is behind a
// password that is not ours ([*ForeignError]), locked ([*ProtectedError]), too small ([*CapacityError]), or not genuine where
// the plan demands it ([ErrNotGenuine]); nor when it is already as planned.
//
// The order of writes lets it be cut short anywhere, also in the middle of a page, and repeated: the content comes first, as
// in [Write]. When password or CFG1 change on a protected tag, the protection is switched off before, so that no page holds
// half a password that counts. Then come password, its answer, CFG1, and last CFG0, which puts mirror and protection in
// force. Where a mirror comes or goes, the content's length is zero from before the first of these until after the last.
// Lock bits follow after the proof. At any time the tag can be written with the plan's key, the former one, or none.
func Protect(ctx context.Context, card Card, plan Plan) (Report, error) {
	raw, at, err := plan.content()
	if err != nil {
		return Report{}, err
	}
	b, err := startBench(ctx, card, plan)
	if err != nil {
		return b.report, err
	}
	b.w.window = window{mirror: plan.Mirror, at: at}
	err = b.arrange(ctx, raw)
	b.report.Size, b.report.Capacity = len(raw), b.w.capacity
	if err != nil {
		return b.report, b.leave(ctx, err)
	}
	err = b.perform(ctx, raw)
	return b.report, b.leave(ctx, err)
}

// content encodes the address and finds the mirror's place in it, which is zero without one.
func (p Plan) content() (raw []byte, at int, err error) {
	if p.Mirror < MirrorNone || p.Mirror > MirrorBoth || p.AuthLimit != 0 && (p.AuthLimit < minLimit || p.AuthLimit > accessLimit) {
		return nil, 0, fmt.Errorf("protect a tag: no such mirror %d or limit %d", p.Mirror, p.AuthLimit)
	}
	address, err := p.Mirror.fill(p.URI)
	if err != nil {
		return nil, 0, err
	}
	record, err := ndef.URIRecord(address)
	if err != nil {
		return nil, 0, err
	}
	if raw, err = (ndef.Message{record}).Marshal(); err != nil || p.Mirror == MirrorNone {
		return raw, 0, err
	}
	// The prefix of an address is stored as one byte; what is behind the placeholder is stored as it is.
	_, behind, _ := strings.Cut(p.URI, Placeholder)
	return raw, len(raw) - len(behind) - p.Mirror.length(), nil
}

// bench carries one protecting from its preparation to its proof.
type bench struct {
	plan   Plan
	line   *line
	w      writer
	report Report
	// password is the one that the tag gets.
	password Password
	// proven says that the tag has that password and its answer already.
	proven bool
}

// startBench looks at the tag and opens it, without changing it.
func startBench(ctx context.Context, card Card, plan Plan) (*bench, error) {
	b := &bench{plan: plan, line: &line{Card: card}}
	uid, err := apdu.ReadUID(ctx, b.line)
	if err != nil {
		return b, err
	}
	b.w = writer{card: b.line, uid: uid}
	b.report.UID = uid
	if b.password, err = plan.Key.Password(uid); err != nil {
		return b, err
	}
	err = b.w.look(ctx)
	b.report.Chip = b.w.chip.Name
	switch {
	case err != nil:
		return b, err
	case b.w.chip.lockPage == 0 || b.w.route == nil:
		return b, ErrNoPassword
	}
	if b.report.Genuine, err = b.w.genuine(ctx, uid); err != nil {
		return b, err
	}
	if plan.MustBeGenuine && !b.report.Genuine {
		return b, ErrNotGenuine
	}
	return b, b.leave(ctx, b.open(ctx))
}

// leave lets the tag forget the password when something went wrong, and wakes it when it refused a command. A tag that has left
// is not restarted: it has forgotten everything, and services take a failed restart badly.
func (b *bench) leave(ctx context.Context, err error) error {
	if err == nil || b.line.lost {
		return err
	}
	return errors.Join(err, b.w.card.Reset(ctx))
}

// line is a card that remembers whether it could be reached the last time.
type line struct {
	Card
	lost bool
}

// Transmit passes a command on.
func (l *line) Transmit(ctx context.Context, cmd []byte) ([]byte, error) {
	answer, err := l.Card.Transmit(ctx, cmd)
	l.lost = err != nil
	return answer, err
}

// Reset passes the restart on.
func (l *line) Reset(ctx context.Context) error {
	err := l.Card.Reset(ctx)
	l.lost = err != nil
	return err
}

// arrange plans the content and makes sure that all of it can be written.
func (b *bench) arrange(ctx context.Context, raw []byte) error {
	if err := b.uncover(ctx); err != nil {
		return err
	}
	if err := b.w.arrange(ctx, raw); err != nil {
		return err
	}
	p := protection{chip: b.w.chip, head: b.w.head, config: b.w.present, open: true}
	if b.w.plan.same {
		return b.configurable()
	}
	return errors.Join(b.configurable(), b.w.writable(p))
}

// target is the configuration that the tag gets.
func (b *bench) target() config {
	out := factoryConfig()
	out.lock = b.w.present.lock
	out.cfg0 = b.w.window.cfg0(firstProtected)
	out.cfg1[0] = byte(b.plan.AuthLimit)
	if b.plan.Mirror&MirrorCounter != 0 {
		out.cfg1[0] |= accessCounting
	}
	return out
}

// configurable refuses a tag whose configuration is wrong and locked for good (CFGLCK).
func (b *bench) configurable() error {
	if want := b.target(); b.w.present.frozen() && (b.w.present.cfg0 != want.cfg0 || b.w.present.cfg1 != want.cfg1) {
		return &ProtectedError{Page: b.w.chip.cfg0Page(), By: "a configuration lock, for good"}
	}
	return nil
}

func (b *bench) perform(ctx context.Context, raw []byte) error {
	target := b.target()
	n, err := b.w.write(ctx, b.w.steps(target, b.password, b.proven))
	b.report.Pages += n
	if err != nil {
		return err
	}
	if err := b.prove(ctx, target, b.password); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	b.report.Protected = true
	if b.plan.LockForever {
		if err := b.lock(ctx); err != nil {
			return fmt.Errorf("lock the tag: %w", err)
		}
		b.report.Locked = true
	}
	// Read last of all and without the password, as a guest's phone would.
	if b.report.URI, err = b.w.verify(ctx, raw); err != nil {
		return err
	}
	return nil
}
