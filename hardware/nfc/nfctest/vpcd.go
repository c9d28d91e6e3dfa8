package nfctest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/comanda-pos/comanda/hardware/nfc"
)

// One-byte messages of vsmartcard's vpcd (src/vpcd/vpcd.h). Anything longer is a command for the card.
const (
	vpcdOff   = 0x00
	vpcdOn    = 0x01
	vpcdReset = 0x02
	vpcdATR   = 0x04
)

// ServeVPCD plays card at a vpcd reader over conn until the reader closes the connection, ctx ends, or the card returns an
// error, which is how it leaves the field. It closes conn.
func ServeVPCD(ctx context.Context, conn net.Conn, card nfc.Card) error {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	for {
		message, err := readMessage(conn)
		if err != nil {
			return err
		}
		answer, err := answerVPCD(ctx, card, message)
		if err != nil {
			return err
		}
		if answer == nil {
			continue
		}
		frame := binary.BigEndian.AppendUint16(nil, uint16(len(answer)))
		if _, err := conn.Write(append(frame, answer...)); err != nil {
			return err
		}
	}
}

// readMessage reads a length and a body. The reader sends them apart, and waits for the first to be acknowledged.
func readMessage(conn net.Conn) ([]byte, error) {
	var head [2]byte
	acknowledgeAtOnce(conn)
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return nil, err
	}
	body := make([]byte, binary.BigEndian.Uint16(head[:]))
	acknowledgeAtOnce(conn)
	_, err := io.ReadFull(conn, body)
	return body, err
}

func answerVPCD(ctx context.Context, card nfc.Card, message []byte) ([]byte, error) {
	if len(message) != 1 {
		return card.Transmit(ctx, message)
	}
	switch message[0] {
	case vpcdATR:
		return card.ATR(), nil
	case vpcdOff, vpcdOn, vpcdReset:
		return nil, card.Reset(ctx)
	default:
		return nil, fmt.Errorf("vpcd sent %02X", message[0])
	}
}

// Slot is a place for a card at a virtual reader.
type Slot struct {
	// Dial connects to the reader, which is what inserting a card is.
	Dial func(ctx context.Context) (net.Conn, error)

	mu sync.Mutex
	// stop and ended belong to the card that is inserted, and are guarded by mu.
	stop  context.CancelFunc
	ended chan struct{}
}

// Insert puts card into the slot, trying until ctx ends because a reader may still be starting.
func (s *Slot) Insert(ctx context.Context, card nfc.Card) error {
	s.Remove()
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("insert a card: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.ended = stop, make(chan struct{})
	go func(ended chan struct{}) {
		defer close(ended)
		_ = ServeVPCD(serving, conn, card) // a card that leaves always ends with an error
	}(s.ended)
	return nil
}

func (s *Slot) dial(ctx context.Context) (net.Conn, error) {
	for {
		conn, err := s.Dial(ctx)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Remove takes the card out, also in the middle of a command, and waits until it is gone.
func (s *Slot) Remove() {
	s.mu.Lock()
	stop, ended := s.stop, s.ended
	s.stop, s.ended = nil, nil
	s.mu.Unlock()
	if stop != nil {
		stop()
		<-ended
	}
}
