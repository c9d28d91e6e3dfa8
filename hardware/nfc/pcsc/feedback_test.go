package pcsc

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeReader answers commands one after the other and keeps them.
type fakeReader struct {
	answer []byte
	err    error
	got    [][]byte
}

func (r *fakeReader) Transmit(_ context.Context, cmd []byte) ([]byte, error) {
	r.got = append(r.got, cmd)
	return r.answer, r.err
}

func (r *fakeReader) feedback() *Feedback {
	return &Feedback{refused: map[way]bool{}, escape: func(ctx context.Context, _ string, cmd []byte) ([]byte, error) { return r.Transmit(ctx, cmd) }}
}

const (
	acr122  = "ACS ACR122U PICC Interface 00 00"
	acr1252 = "ACS ACR1252 1S CL Reader [ACR1252 Dual Reader PICC] 00 00"
	omnikey = "HID Global OMNIKEY 5022 Smart Card Reader 00 00"
)

func TestSignals(t *testing.T) {
	for _, test := range []struct {
		reader string
		card   bool
		signal Signal
		answer []byte
		want   [][]byte
	}{
		{acr122, true, Good, []byte{0x90, 0x02}, [][]byte{{0xFF, 0, 0x40, 0x0E, 4, 1, 1, 1, 1}}},
		{acr122, true, Bad, []byte{0x90, 0x01}, [][]byte{{0xFF, 0, 0x40, 0x0D, 4, 1, 1, 2, 1}}},
		{acr122, false, Working, []byte{0x90, 0x03}, [][]byte{{0xFF, 0, 0x40, 0x0F, 4, 0, 0, 0, 0}}},
		{acr1252, true, Good, []byte{0x90, 0x02}, [][]byte{{0xFF, 0, 0x40, 0x0E, 4, 1, 1, 1, 1}}},
		{acr1252, false, Good, []byte{0xE1, 0, 0, 0, 1, 2}, [][]byte{{0xE0, 0, 0, 0x29, 1, 2}, {0xE0, 0, 0, 0x28, 1, 10}}},
		{acr1252, false, Bad, []byte{0xE1, 0, 0, 0, 1, 1}, [][]byte{{0xE0, 0, 0, 0x29, 1, 1}, {0xE0, 0, 0, 0x28, 1, 30}}},
		{acr1252, false, Working, []byte{0xE1, 0, 0, 0, 1, 3}, [][]byte{{0xE0, 0, 0, 0x29, 1, 3}}},
		{omnikey, true, Good, []byte{0x90, 0}, nil},
		{omnikey, false, Good, []byte{0x90, 0}, nil},
	} {
		r := &fakeReader{answer: test.answer}
		var shown bool
		if f := r.feedback(); test.card {
			shown = f.Show(t.Context(), test.reader, r, test.signal)
		} else {
			shown = f.Show(t.Context(), test.reader, nil, test.signal)
		}
		if diff := cmp.Diff(test.want, r.got); diff != "" || shown != (test.want != nil) {
			t.Errorf("%s, signal %d: shown %v (-want +got):\n%s", test.reader, test.signal, shown, diff)
		}
	}
}

func TestWhatIsRefusedIsNotAskedAgain(t *testing.T) {
	for name, test := range map[string]struct {
		answer []byte
		err    error
		asked  int
	}{
		"refused":           {answer: []byte{0x63, 0x00}, asked: 1},
		"no answer at all":  {answer: nil, asked: 1},
		"driver refuses":    {err: errNoEscape, asked: 1},
		"tag has just left": {err: errors.New("gone"), asked: 3},
	} {
		r := &fakeReader{answer: test.answer, err: test.err}
		f := r.feedback()
		for range 3 {
			if f.Show(t.Context(), acr122, nil, Good) {
				t.Errorf("%s: it counts as shown", name)
			}
		}
		if len(r.got) != test.asked {
			t.Errorf("%s: asked %d times, want %d", name, len(r.got), test.asked)
		}
		// The other way is another question.
		r.answer, r.err = []byte{0x90, 0x00}, nil
		if !f.Show(t.Context(), acr122, r, Good) {
			t.Errorf("%s: the way through the tag is closed as well", name)
		}
	}
}

func TestFeedbackWithoutService(t *testing.T) {
	if NewFeedback(New()).Show(t.Context(), strings.Clone(acr122), nil, Good) {
		t.Error("a reader that is not there took a signal")
	}
}
