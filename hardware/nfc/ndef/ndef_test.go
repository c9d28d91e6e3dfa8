package ndef_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/hardware/nfc/ndef"
)

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name string
		hex  string
		want ndef.Message
	}{
		{"nothing", "", nil},
		{"empty record", "D0 00 00", ndef.Message{{TNF: ndef.Empty}}},
		{"address", "D1 01 04 55 04 612E62", ndef.Message{{TNF: ndef.WellKnown, Type: "U", Payload: []byte("\x04a.b")}}},
		{"long form", "C1 01 00000004 55 04 612E62", ndef.Message{{TNF: ndef.WellKnown, Type: "U", Payload: []byte("\x04a.b")}}},
		{"id", "D9 01 02 01 55 69 00 61", ndef.Message{{TNF: ndef.WellKnown, Type: "U", ID: "i", Payload: []byte("\x00a")}}},
		{"two", "91 01 02 55 00 61 55 00 00", nil},
		{"mime and unknown", "92 01 01 61 62 55 00 01 63", ndef.Message{
			{TNF: ndef.MIME, Type: "a", Payload: []byte("b")}, {TNF: ndef.Unknown, Payload: []byte("c")},
		}},
		{"chunks are joined", "B1 01 02 55 00 61 36 00 01 62 56 00 01 63", ndef.Message{
			{TNF: ndef.WellKnown, Type: "U", Payload: []byte("\x00abc")},
		}},
	} {
		if test.name == "two" {
			test.want = ndef.Message{{TNF: ndef.WellKnown, Type: "U", Payload: []byte("\x00a")}, {TNF: ndef.Unknown}}
		}
		t.Run(test.name, func(t *testing.T) {
			got, err := ndef.Parse(bytesOf(t, test.hex))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("message differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"cut header":               "D1 01",
		"cut long header":          "C1 01 00 00",
		"cut id length":            "D9 01 02",
		"cut payload":              "D1 01 05 55 04 61",
		"huge payload":             "C1 01 FFFFFFFF 55 04 61",
		"no begin":                 "51 01 02 55 00 61",
		"begin twice":              "91 01 02 55 00 61 D1 01 02 55 00 61",
		"no end":                   "91 01 02 55 00 61",
		"after the end":            "D1 01 02 55 00 61 51 01 02 55 00 61",
		"chunk at the end":         "F1 01 02 55 00 61",
		"unchanged without chunk":  "D6 00 01 61",
		"chunk then a new record":  "B1 01 02 55 00 61 51 01 02 55 00 61",
		"unchanged with type":      "B1 01 02 55 00 61 56 01 01 55 61",
		"unchanged with id":        "B1 01 02 55 00 61 5E 00 01 01 69 61",
		"reserved":                 "D7 00 00",
		"empty with payload":       "D0 00 01 61",
		"unknown with type":        "D5 01 00 61",
		"well-known without type":  "D1 00 01 61",
		"too many records":         "91 01 00 55" + strings.Repeat("11 01 00 55", 64) + "51 01 00 55",
		"trailing zero after last": "D1 01 02 55 00 61 00",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ndef.Parse(bytesOf(t, text))
			var syntax *ndef.SyntaxError
			if !errors.Is(err, ndef.ErrMalformed) || !errors.As(err, &syntax) {
				t.Fatalf("got %v, %v, want a SyntaxError", got, err)
			}
			if syntax.Reason == "" || syntax.Offset > len(text) {
				t.Errorf("got an error that explains nothing: %#v", syntax)
			}
		})
	}
	if _, err := ndef.Parse(make([]byte, ndef.MaxMessage+1)); !errors.Is(err, ndef.ErrMalformed) {
		t.Errorf("oversized message: got %v", err)
	}
}

func TestURIRecordUsesShortestForm(t *testing.T) {
	for uri, want := range map[string]string{
		"https://comanda.example/t/7": "D101145504636F6D616E64612E6578616D706C652F742F37",
		"https://www.a.b":             "D101045502612E62",
		"http://a":                    "D1010255 0361",
		"tel:112":                     "D101045505313132",
		"urn:nfc:x":                   "D10102552378",
		"geo:1,2":                     "D1010855 0067656F3A312C32",
	} {
		r, err := ndef.URIRecord(uri)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ndef.Message{r}.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(bytesOf(t, want), got); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", uri, diff)
		}
	}
}

func TestURIRefusesHostileText(t *testing.T) {
	for _, uri := range []string{"", "https://a\nb", "https://a b", "https://a\x00", "https://a\u202Eb", "https://a\u200Bb", "https://\xFF", "https://a\x7F"} {
		if r, err := ndef.URIRecord(uri); err == nil {
			t.Errorf("made a record of %q: %v", uri, r)
		}
		r := ndef.Record{TNF: ndef.WellKnown, Type: "U", Payload: append([]byte{0}, uri...)}
		if got, err := r.URI(); !errors.Is(err, ndef.ErrMalformed) {
			t.Errorf("read %q from %q, error %v", got, uri, err)
		}
	}
	for _, payload := range []string{"", "\x24a", "\xFFa"} {
		r := ndef.Record{TNF: ndef.WellKnown, Type: "U", Payload: []byte(payload)}
		if _, err := r.URI(); !errors.Is(err, ndef.ErrMalformed) {
			t.Errorf("payload %q: got %v", payload, err)
		}
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		payload string
		want    ndef.Text
		ok      bool
	}{
		{"\x02deTisch", ndef.Text{Language: "de", Text: "Tisch"}, true},
		{"\x82de\x00T\x00i", ndef.Text{Language: "de", Text: "Ti"}, true},
		{"\x82de\xFF\xFET\x00i\x00", ndef.Text{Language: "de", Text: "Ti"}, true},
		{"\x82de\xFE\xFF\x00T", ndef.Text{Language: "de", Text: "T"}, true},
		{"\x00x", ndef.Text{Text: "x"}, true},
		{"", ndef.Text{}, false},
		{"\x05de", ndef.Text{}, false},
		{"\x02de\xFF", ndef.Text{}, false},
		{"\x82de\x00", ndef.Text{}, false},
		{"\x02d\x00x", ndef.Text{}, false},
	} {
		got, err := ndef.Record{TNF: ndef.WellKnown, Type: "T", Payload: []byte(test.payload)}.Text()
		if (err == nil) != test.ok || got != test.want {
			t.Errorf("%q: got %+v, %v, want %+v", test.payload, got, err, test.want)
		}
	}
}

func TestSmartPoster(t *testing.T) {
	uri, _ := ndef.URIRecord("https://a.example/t/1")
	title, err := ndef.TextRecord(ndef.Text{Language: "en", Text: "Table 1"})
	if err != nil {
		t.Fatal(err)
	}
	poster := func(parts ...ndef.Record) ndef.Record {
		inner, err := ndef.Message(parts).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		return ndef.Record{TNF: ndef.WellKnown, Type: "Sp", Payload: inner}
	}
	got, err := poster(title, uri).SmartPoster()
	want := ndef.SmartPoster{URI: "https://a.example/t/1", Titles: []ndef.Text{{Language: "en", Text: "Table 1"}}}
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for name, r := range map[string]ndef.Record{
		"two addresses": poster(uri, uri), "no address": poster(title), "nested": poster(poster(uri)),
		"damaged": {TNF: ndef.WellKnown, Type: "Sp", Payload: []byte{0xD1}},
	} {
		if _, err := r.SmartPoster(); !errors.Is(err, ndef.ErrMalformed) {
			t.Errorf("%s: got %v, want malformed", name, err)
		}
	}
	if _, err := uri.SmartPoster(); !errors.Is(err, ndef.ErrNotThis) {
		t.Errorf("address as poster: got %v", err)
	}
}

func TestMessageURITakesTheFirstUsable(t *testing.T) {
	a, _ := ndef.URIRecord("https://a")
	b, _ := ndef.URIRecord("https://b")
	bad := ndef.Record{TNF: ndef.WellKnown, Type: "U", Payload: []byte{0x99}}
	for _, test := range []struct {
		message ndef.Message
		want    string
	}{
		{nil, ""},
		{ndef.Message{a, b}, "https://a"},
		{ndef.Message{bad, b}, "https://b"},
		{ndef.Message{{TNF: ndef.AbsoluteURI, Type: "https://c"}}, "https://c"},
		{ndef.Message{{TNF: ndef.MIME, Type: "text/vcard"}}, ""},
	} {
		if got, ok := test.message.URI(); got != test.want || ok != (test.want != "") {
			t.Errorf("got %q, %v, want %q", got, ok, test.want)
		}
	}
}

func TestMarshalRefusesBrokenRecords(t *testing.T) {
	for name, r := range map[string]ndef.Record{
		"unchanged": {TNF: 6}, "reserved": {TNF: 7}, "full empty": {TNF: ndef.Empty, Payload: []byte{1}},
		"unknown with type": {TNF: ndef.Unknown, Type: "x"}, "no type": {TNF: ndef.MIME}, "long type": {TNF: ndef.MIME, Type: strings.Repeat("x", 256)},
		"huge": {TNF: ndef.MIME, Type: "x", Payload: make([]byte, ndef.MaxMessage)},
	} {
		if got, err := (ndef.Message{r}).Marshal(); err == nil {
			t.Errorf("%s: got %d bytes, want an error", name, len(got))
		}
	}
}

// TestRoundTrip writes random valid messages and reads the same records back.
func TestRoundTrip(t *testing.T) {
	record := rapid.Custom(func(t *rapid.T) ndef.Record {
		r := ndef.Record{
			TNF:     rapid.SampledFrom([]ndef.TNF{ndef.WellKnown, ndef.MIME, ndef.AbsoluteURI, ndef.External, ndef.Unknown}).Draw(t, "tnf"),
			Type:    string(rapid.SliceOfN(rapid.Byte(), 1, 255).Draw(t, "type")),
			ID:      string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "id")),
			Payload: rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "payload"),
		}
		if r.TNF == ndef.Unknown {
			r.Type = ""
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		want := ndef.Message(rapid.SliceOfN(record, 0, 6).Draw(t, "message"))
		raw, err := want.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ndef.Parse(raw)
		if err != nil {
			t.Fatalf("parse %X: %v", raw, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("message differs (-want +got):\n%s", diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "D00000", "D1010455 04612E62", "C10100000004550461 2E62", "B10102550061360001625600 0163",
		"D1 02 0A 53 70 D1 01 06 55 04 61 2E 62 2F 63", "D101075402646554697363", "C101FFFFFFFF55",
	} {
		f.Add(bytesOf(f, seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ndef.Parse(b)
		if err != nil {
			if !errors.Is(err, ndef.ErrMalformed) {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if uri, ok := m.URI(); ok && strings.ContainsAny(uri, "\x00\r\n\t ") {
			t.Errorf("hostile address %q", uri)
		}
		size := 0
		for _, r := range m {
			size += len(r.Type) + len(r.ID) + len(r.Payload)
			_, _ = r.Text()
			_, _ = r.SmartPoster()
		}
		if size > len(b) {
			t.Errorf("got %d bytes out of %d", size, len(b))
		}
		again, err := m.Marshal()
		if err != nil {
			t.Fatalf("cannot write what was read: %v", err)
		}
		back, err := ndef.Parse(again)
		if err != nil || !cmp.Equal(m, back, cmpopts.EquateEmpty()) {
			t.Errorf("got %v, %v, want %v", back, err, m)
		}
	})
}
