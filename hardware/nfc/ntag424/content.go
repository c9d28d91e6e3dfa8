package ntag424

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
	"github.com/comanda-pos/comanda/hardware/nfc/sun"
)

const (
	// fileSize is that of the content's file (data sheet §8.2.3.2).
	fileSize = 256
	// chunk is how many bytes one command reads or writes: with all that goes around them they fit one frame of the air
	// interface, which the tag carries out wholly or not at all (data sheet §10.8.2).
	chunk = 96
)

// content is what the file holds: two bytes of length and a message.
type content struct {
	file []byte
	// word is the offset of the word in the file.
	word int
}

// compose makes the content of a tag whose keys have a version: one short address that ends with a blank word.
func compose(prefix string, version byte) (content, error) {
	record, err := ndef.URIRecord(prefix + sun.Blank(version))
	if err != nil {
		return content{}, err
	}
	raw, err := ndef.Message{record}.Marshal()
	if err != nil {
		return content{}, err
	}
	if len(raw) > fileSize-lengthSize {
		return content{}, fmt.Errorf("%w: it takes %d bytes, the tag holds %d", ErrTooLong, len(raw), fileSize-lengthSize)
	}
	file := append(binary.BigEndian.AppendUint16(nil, uint16(len(raw))), raw...)
	return content{file: file, word: len(file) - sun.WordLength}, nil
}

// erased is a file as delivered: without a message, and nothing behind it.
func erased() content { return content{file: make([]byte, fileSize)} }

// wordVersion is the version that the content of a file names, if it ends with one of our words.
func wordVersion(file []byte) (byte, bool) {
	if len(file) < lengthSize {
		return 0, false
	}
	end := lengthSize + int(binary.BigEndian.Uint16(file))
	if end > len(file) || end < sun.WordLength {
		return 0, false
	}
	return sun.VersionOf(string(file[end-sun.WordLength : end]))
}

// read returns the file as it was written, without what the tag fills in for strangers.
func (s *session) read(ctx context.Context) ([]byte, error) {
	const what = "read the content"
	var out []byte
	for len(out) < fileSize {
		n := min(chunk, fileSize-len(out))
		part, err := s.send(ctx, what, plain, insReadData, part(len(out), n), nil)
		if err != nil {
			return nil, err
		}
		if len(part) != n {
			return nil, garbled(what, part, fmt.Sprint(n))
		}
		out = append(out, part...)
	}
	return out, nil
}

// write replaces the file's content so that a phone never finds part of a message, wherever the writing stops: first the
// length becomes zero, then the rest is written, and last the length. Now is what the file holds.
func (s *session) write(ctx context.Context, now []byte, next content) error {
	if !bytes.Equal(now[:lengthSize], []byte{0, 0}) {
		if err := s.put(ctx, 0, []byte{0, 0}); err != nil {
			return err
		}
	}
	for at := lengthSize; at < len(next.file); at += chunk {
		if err := s.put(ctx, at, next.file[at:min(at+chunk, len(next.file))]); err != nil {
			return err
		}
	}
	if bytes.Equal(next.file[:lengthSize], []byte{0, 0}) {
		return nil
	}
	return s.put(ctx, 0, next.file[:lengthSize])
}

func (s *session) put(ctx context.Context, at int, data []byte) error {
	_, err := s.send(ctx, "write the content", plain, insWriteData, part(at, len(data)), data)
	return err
}

// part names a piece of the file, as headers do.
func part(at, n int) []byte {
	return []byte{ndefFile, byte(at), byte(at >> 8), byte(at >> 16), byte(n), byte(n >> 8), byte(n >> 16)}
}
