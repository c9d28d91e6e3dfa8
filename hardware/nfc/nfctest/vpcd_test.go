package nfctest_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/comanda-pos/comanda/hardware/nfc/nfctest"
	"github.com/comanda-pos/comanda/hardware/nfc/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ask plays the reader: it sends one message and returns the answer, if one is due.
func ask(t *testing.T, conn net.Conn, message []byte, answered bool) string {
	t.Helper()
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)); err != nil {
		t.Fatal(err)
	}
	if !answered {
		return ""
	}
	var head [2]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, binary.BigEndian.Uint16(head[:]))
	if _, err := io.ReadFull(conn, body); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(body)
}

func TestSlotPlaysACard(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	slot := &nfctest.Slot{Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", listener.Addr().String())
	}}
	tag := virtual.NewNTAG(virtual.NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 6})
	if err := slot.Insert(t.Context(), tag); err != nil {
		t.Fatal(err)
	}
	reader, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	ask(t, reader, []byte{0x01}, false)
	if got := ask(t, reader, []byte{0x04}, true); got != "3b8f8001804f0ca0000003060300030000000068" {
		t.Errorf("got ATR %s", got)
	}
	if got := ask(t, reader, []byte{0xFF, 0xCA, 0, 0, 0}, true); got != "040102030405069000" {
		t.Errorf("got UID %s", got)
	}
	if got := ask(t, reader, []byte{0xFF, 0xB0, 0, 0xFF, 16}, true); got != "6300" {
		t.Errorf("beyond the end: got %s", got)
	}
	if got := ask(t, reader, []byte{0xFF, 0xB0, 0, 4, 4}, true); got != "6300" {
		t.Errorf("a refused tag is silent: got %s", got)
	}
	ask(t, reader, []byte{0x02}, false)
	if got := ask(t, reader, []byte{0xFF, 0xB0, 0, 4, 4}, true); got != "0103a00c9000" {
		t.Errorf("after a reset: got %s", got)
	}
	slot.Remove()
	if _, err := reader.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("after the card left: got %v, want the end of the connection", err)
	}
}

func TestInsertGivesUpWithItsContext(t *testing.T) {
	refused := errors.New("refused")
	slot := &nfctest.Slot{Dial: func(context.Context) (net.Conn, error) { return nil, refused }}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := slot.Insert(ctx, virtual.Phone{})
	if !errors.Is(err, refused) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	slot.Remove()
}
