package virtual

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"strings"
	"testing"
)

// host is the other end of the secure channel. What it calculates is checked against published values elsewhere.
type host struct {
	t       *testing.T
	d       *DNA
	session *dnaSession
}

const selectNDEF = "00A4040C07D276000085010100"

func newHost(t *testing.T, options DNAOptions) *host {
	return &host{t: t, d: NewDNA([7]byte{0x04, 0xDE, 0x5F, 0x1E, 0xAC, 0xC0, 0x40}, options)}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	out, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// say sends commands in hex and returns the last answer in hex.
func (h *host) say(commands ...string) string {
	h.t.Helper()
	last := ""
	for _, text := range commands {
		answer, err := h.d.Transmit(context.Background(), unhex(h.t, text))
		if err != nil {
			h.t.Fatalf("%s: %v", text, err)
		}
		last = strings.ToUpper(hex.EncodeToString(answer))
	}
	return last
}

// send wraps a native command and returns its data and status.
func (h *host) send(ins byte, body []byte) ([]byte, dnaStatus) {
	h.t.Helper()
	cmd := []byte{0x90, ins, 0, 0}
	if len(body) > 0 {
		cmd = append(append(cmd, byte(len(body))), body...)
	}
	answer, err := h.d.Transmit(context.Background(), append(cmd, 0))
	if err != nil {
		h.t.Fatal(err)
	}
	n := len(answer) - 2
	if answer[n] != 0x91 {
		h.t.Fatalf("command %02X: got status %X", ins, answer[n:])
	}
	return answer[:n], dnaStatus(answer[n+1])
}

// open authenticates with a key and returns the status of the part that failed.
func (h *host) open(ins byte, key int, secret dnaSecret) dnaStatus {
	h.t.Helper()
	body := []byte{byte(key), 0}
	if ins == insAuthenticateNext {
		body = body[:1]
	}
	sealed, status := h.send(ins, body)
	if status != dnaAdditionalFrame {
		return status
	}
	rndA := [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	rndB := [16]byte(secret.decrypt([16]byte{}, sealed))
	turned := rotated(rndB)
	sealed, status = h.send(insAdditionalFrame, secret.encrypt([16]byte{}, append(rndA[:], turned[:]...)))
	if status != dnaOK {
		return status
	}
	answer := secret.decrypt([16]byte{}, sealed)
	s := newSession(key, secret, rndA, rndB)
	if ins == insAuthenticateFirst {
		s.ti, answer = [4]byte(answer), answer[4:]
	} else {
		s.ti, s.counter = h.session.ti, h.session.counter
	}
	if [16]byte(answer) != rotated(rndA) {
		h.t.Fatalf("the tag answers the challenge with %X", answer)
	}
	h.session = s
	return dnaOK
}

// openLRP authenticates in LRP mode.
func (h *host) openLRP(ins byte, key int, secret dnaSecret) dnaStatus {
	h.t.Helper()
	body := []byte{byte(key), 1, 2}
	if ins == insAuthenticateNext {
		body = body[:1]
	}
	answer, status := h.send(ins, body)
	if status != dnaAdditionalFrame {
		return status
	}
	rndA, rndB := [16]byte{9, 8, 7, 6, 5, 4, 3, 2, 1}, [16]byte(answer[1:])
	s := newLRPSession(key, secret, rndA, rndB)
	proof := s.lrp.mac.cmac(append(rndA[:], rndB[:]...))
	answer, status = h.send(insAdditionalFrame, append(rndA[:], proof[:]...))
	if status != dnaOK {
		return status
	}
	n := len(answer) - 16
	if want := s.lrp.mac.cmac(append(append(rndB[:], rndA[:]...), answer[:n]...)); [16]byte(answer[n:]) != want {
		h.t.Fatal("the tag does not know the key")
	}
	if ins == insAuthenticateFirst {
		s.ti = [4]byte(s.decrypt(0, answer[:n]))
	} else {
		s.ti, s.counter = h.session.ti, h.session.counter
	}
	h.session = s
	return dnaOK
}

// login selects the application and authenticates with the factory key.
func (h *host) login(key int) *host {
	h.t.Helper()
	h.say(selectNDEF)
	if status := h.open(insAuthenticateFirst, key, dnaSecret{}); status != dnaOK {
		h.t.Fatalf("authenticate with key %d: got 91%02X", key, byte(status))
	}
	return h
}

// do gives a command in a session and takes the answer apart.
func (h *host) do(ins byte, mode dnaMode, header, data []byte) ([]byte, dnaStatus) {
	h.t.Helper()
	s := h.session
	if mode == dnaFull && len(data) > 0 {
		data = s.encrypt(0xA55A, padded(data))
	}
	body := append(bytes.Clone(header), data...)
	if mode != dnaPlain {
		body = append(body, s.tag(ins, header, data)...)
	}
	answer, status := h.send(ins, body)
	s.counter++
	if status != dnaOK || mode == dnaPlain || len(answer) == 0 {
		return answer, status
	}
	answer, tag := answer[:len(answer)-8], answer[len(answer)-8:]
	if !bytes.Equal(tag, s.tag(0, answer)) {
		h.t.Fatalf("command %02X: the answer's MAC is wrong", ins)
	}
	if mode == dnaFull && len(answer) > 0 {
		plain, ok := unpadded(s.decrypt(0x5AA5, answer))
		if !ok {
			h.t.Fatalf("command %02X: the answer's padding is wrong", ins)
		}
		answer = plain
	}
	return answer, status
}

// newKey is the data of ChangeKey for keys 1 to 4.
func newKey(old, fresh dnaSecret, version byte) []byte {
	out := make([]byte, 0, 21)
	for i := range fresh {
		out = append(out, old[i]^fresh[i])
	}
	return binary.LittleEndian.AppendUint32(append(out, version), ^crc32.ChecksumIEEE(fresh[:]))
}
