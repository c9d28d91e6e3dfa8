package ndef

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ErrNotThis is returned when a record is asked for a content that it does not hold.
var ErrNotThis = errors.New("the record holds something else")

const typeURI = "U"

// uriPrefixes are the abbreviations of a URI record's first byte (NFC Forum URI RTD 1.0, table 3).
func uriPrefixes() []string {
	return []string{
		"", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:", "ftp://anonymous:anonymous@", "ftp://ftp.",
		"ftps://", "sftp://", "smb://", "nfs://", "ftp://", "dav://", "news:", "telnet://", "imap:", "rtsp://", "urn:", "pop:",
		"sip:", "sips:", "tftp:", "btspp://", "btl2cap://", "btgoep://", "tcpobex://", "irdaobex://", "file://", "urn:epc:id:",
		"urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:", "urn:nfc:",
	}
}

// URIRecord makes the shortest URI record for uri. It refuses what no phone should be sent to: an empty address, text
// that is not UTF-8, spaces and control characters.
func URIRecord(uri string) (Record, error) {
	if reason := badURI(uri); reason != "" {
		return Record{}, fmt.Errorf("make a record of the address %q: %s", uri, reason)
	}
	code, prefix := 0, ""
	for i, p := range uriPrefixes() {
		if len(p) > len(prefix) && strings.HasPrefix(uri, p) {
			code, prefix = i, p
		}
	}
	payload := append([]byte{byte(code)}, uri[len(prefix):]...)
	return Record{TNF: WellKnown, Type: typeURI, Payload: payload}, nil
}

// URI returns the address of a URI record, or of a record whose type is an absolute URI. The address is foreign: check
// scheme and host before following it. It never contains control characters or spaces.
func (r Record) URI() (string, error) {
	switch {
	case r.TNF == AbsoluteURI:
		return cleanURI(r.Type)
	case r.TNF == WellKnown && r.Type == typeURI:
		return r.shortURI()
	default:
		return "", ErrNotThis
	}
}

func (r Record) shortURI() (string, error) {
	if len(r.Payload) == 0 {
		return "", &SyntaxError{Reason: "an address without its first byte"}
	}
	prefixes := uriPrefixes()
	code := int(r.Payload[0])
	if code >= len(prefixes) {
		return "", &SyntaxError{Reason: fmt.Sprintf("address abbreviation %d is reserved", code)}
	}
	return cleanURI(prefixes[code] + string(r.Payload[1:]))
}

func cleanURI(uri string) (string, error) {
	if reason := badURI(uri); reason != "" {
		return "", &SyntaxError{Reason: reason}
	}
	return uri, nil
}

func badURI(uri string) (reason string) {
	switch {
	case uri == "":
		return "the address is empty"
	case !utf8.ValidString(uri):
		return "the address is not UTF-8 text"
	case strings.ContainsFunc(uri, func(c rune) bool {
		return unicode.IsControl(c) || unicode.IsSpace(c) || unicode.Is(unicode.Cf, c)
	}):
		return "the address contains spaces or invisible characters"
	default:
		return ""
	}
}

// URI returns the first usable address of a message, which is the one that phones open: of a URI record, of a smart
// poster, or of a record whose type is the address. ok is false when there is none.
func (m Message) URI() (uri string, ok bool) {
	for _, r := range m {
		if u, err := r.URI(); err == nil {
			return u, true
		}
		if poster, err := r.SmartPoster(); err == nil {
			return poster.URI, true
		}
	}
	return "", false
}
