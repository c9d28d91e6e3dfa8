package ntag424

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/apdu"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

// session is an authenticated conversation. Any error ends it: the tag has then forgotten the authentication.
type session struct {
	card Card
	enc  cipher.Block
	mac  *sun.CMAC
	ti   [4]byte
	// counter counts the commands of the session (data sheet §9.1.2).
	counter uint16
}

func newSession(card Card, key sun.Key, h handshake, ti [4]byte) *session {
	enc, mac := h.vectors()
	kdf := sun.NewCMAC(key)
	return &session{card: card, enc: newCipher(kdf.Sum(enc[:])), mac: sun.NewCMAC(kdf.Sum(mac[:])), ti: ti}
}

// A mode is how a command and its answer are protected (data sheet §9.1.8 to §9.1.10).
type mode int

const (
	plain mode = iota
	signed
	sealed
)

// send sends a native command and returns the data of its answer. The header stays readable in every mode.
func (s *session) send(ctx context.Context, what string, m mode, ins byte, header, data []byte) ([]byte, error) {
	answer, status, err := apdu.Exchange(ctx, s.card, native(ins, s.wrap(m, ins, header, data)...))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if status != statusOK {
		return nil, refused(what, status)
	}
	s.counter++
	out, ok := s.unwrap(m, answer)
	if !ok {
		return nil, fmt.Errorf("%s: %w", what, ErrGarbled)
	}
	return out, nil
}

// uid asks the tag for its number in a way that no reader and no noise can change (data sheet §10.5.3).
func (s *session) uid(ctx context.Context) (sun.UID, error) {
	const what = "read the tag's number in secret"
	answer, err := s.send(ctx, what, sealed, insGetCardUID, nil, nil)
	if err != nil {
		return sun.UID{}, err
	}
	if len(answer) != sun.UIDLength {
		return sun.UID{}, garbled(what, answer, "7")
	}
	return sun.UID(answer), nil
}

// wrap protects what follows the instruction.
func (s *session) wrap(m mode, ins byte, header, data []byte) []byte {
	if m == sealed && len(data) > 0 {
		data = pad(data)
		cipher.NewCBCEncrypter(s.enc, s.iv(0xA5, 0x5A)).CryptBlocks(data, data)
	}
	out := bytes.Join([][]byte{header, data}, nil)
	if m == plain {
		return out
	}
	code := s.sign(ins, out)
	return append(out, code[:]...)
}

// unwrap checks and opens the data of an answer whose command succeeded.
func (s *session) unwrap(m mode, answer []byte) ([]byte, bool) {
	if m == plain {
		return answer, true
	}
	n := len(answer) - sun.MACLength
	if n < 0 {
		return nil, false
	}
	data := bytes.Clone(answer[:n])
	want := s.sign(0x00, data)
	if subtle.ConstantTimeCompare(want[:], answer[n:]) != 1 {
		return nil, false
	}
	if m == signed || n == 0 {
		return data, true
	}
	if n%block != 0 {
		return nil, false
	}
	cipher.NewCBCDecrypter(s.enc, s.iv(0x5A, 0xA5)).CryptBlocks(data, data)
	return unpad(data)
}

// sign is the code over a command, or over an answer with its status in place of the instruction.
func (s *session) sign(first byte, data []byte) [sun.MACLength]byte {
	text := binary.LittleEndian.AppendUint16([]byte{first}, s.counter)
	return s.mac.Short(append(append(text, s.ti[:]...), data...))
}

func (s *session) iv(label ...byte) []byte {
	iv := make([]byte, block)
	n := copy(iv, label)
	n += copy(iv[n:], s.ti[:])
	binary.LittleEndian.PutUint16(iv[n:], s.counter)
	s.enc.Encrypt(iv, iv)
	return iv
}

// pad copies data and fills it up to whole blocks by ISO 9797-1 method 2, by a whole one where nothing is missing.
func pad(data []byte) []byte {
	out := make([]byte, (len(data)/block+1)*block)
	out[copy(out, data)] = 0x80
	return out
}

func unpad(data []byte) ([]byte, bool) {
	data = bytes.TrimRight(data, "\x00")
	n := len(data) - 1
	if n < 0 || data[n] != 0x80 {
		return nil, false
	}
	return data[:n], true
}
