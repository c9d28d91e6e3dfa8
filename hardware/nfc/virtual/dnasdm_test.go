package virtual

import (
	"strings"
	"testing"
)

func TestChangeFileSettings(t *testing.T) {
	for name, test := range map[string]struct {
		file     byte
		settings string
		want     dnaStatus
	}{
		"table tag":                   {2, "40 00E0 C1 FF21 180000 3B0000 3B0000", dnaOK},
		"off":                         {2, "00 00E0", dnaOK},
		"limit":                       {2, "40 00E0 E1 FF21 180000 3B0000 3B0000 640000", dnaOK},
		"plain mirrors":               {2, "40 00E0 C1 FEE1 100000 200000 3B0000 3B0000", dnaOK},
		"counter not mirrored":        {2, "40 00E0 C1 FEE1 100000 FFFFFF 3B0000 3B0000", dnaOK},
		"no MAC":                      {2, "40 00E0 C1 FF2F 180000", dnaOK},
		"MAC at the very end":         {2, "40 00E0 C1 FF21 180000 F00000 F00000", dnaOK},
		"encrypted data":              {2, "40 00E0 D1 FF21 180000 400000 400000 400000 800000", dnaOK},
		"other file":                  {3, "40 00E0 C1 FF21 180000 3B0000 3B0000", dnaPermissionDenied},
		"no such file":                {4, "00 00E0", dnaFileNotFound},
		"reserved option":             {2, "44 00E0 C1 FF21 180000 3B0000 3B0000", dnaParameterError},
		"key 5 may read":              {2, "00 0050", dnaParameterError},
		"binary encoding":             {2, "40 00E0 C0 FF21 180000 3B0000 3B0000", dnaParameterError},
		"reserved SDM option":         {2, "40 00E0 C3 FF21 180000 3B0000 3B0000", dnaParameterError},
		"reserved right not F":        {2, "40 00E0 C1 1F21 180000 3B0000 3B0000", dnaParameterError},
		"free MAC":                    {2, "40 00E0 C1 FF2E 180000 3B0000 3B0000", dnaParameterError},
		"MetaRead with nothing":       {2, "40 00E0 01 FF21 180000 3B0000 3B0000", dnaParameterError},
		"number without MetaRead":     {2, "40 00E0 81 FFF1 3B0000 3B0000", dnaParameterError},
		"counter rights without it":   {2, "40 00E0 81 F121 180000 3B0000 3B0000", dnaParameterError},
		"data without MAC":            {2, "40 00E0 D1 FF2F 180000", dnaParameterError},
		"data without counter":        {2, "40 00E0 91 FF21 180000 400000 400000 400000 800000", dnaParameterError},
		"limit without counter":       {2, "40 00E0 A1 FF21 180000 3B0000 3B0000 640000", dnaParameterError},
		"limit of zero":               {2, "40 00E0 E1 FF21 180000 3B0000 3B0000 000000", dnaParameterError},
		"MAC before its input":        {2, "40 00E0 C1 FF21 180000 3C0000 3B0000", dnaParameterError},
		"MAC behind the end":          {2, "40 00E0 C1 FF21 180000 3B0000 F10000", dnaParameterError},
		"number behind the end":       {2, "40 00E0 C1 FEE1 F30000 200000 3B0000 3B0000", dnaParameterError},
		"MAC upon the number":         {2, "40 00E0 C1 FF21 180000 370000 370000", dnaParameterError},
		"number upon the counter":     {2, "40 00E0 C1 FEE1 100000 1D0000 3B0000 3B0000", dnaParameterError},
		"data not in steps of 32":     {2, "40 00E0 D1 FF21 180000 400000 400000 300000 800000", dnaParameterError},
		"data before the MAC's input": {2, "40 00E0 D1 FF21 180000 410000 400000 200000 800000", dnaParameterError},
		"data over the MAC":           {2, "40 00E0 D1 FF21 180000 400000 400000 600000 800000", dnaParameterError},
		"data upon the number":        {2, "40 00E0 D1 FF21 480000 400000 400000 400000 800000", dnaParameterError},
		"an offset too few":           {2, "40 00E0 C1 FF21 180000 3B0000", dnaLengthError},
		"an offset too many":          {2, "40 00E0 C1 FF21 180000 3B0000 3B0000 000000", dnaLengthError},
		"offsets without messaging":   {2, "00 00E0 C1", dnaLengthError},
		"too short":                   {2, "00 00", dnaLengthError},
	} {
		h := newHost(t, DNAOptions{}).login(0)
		before := string(h.d.Settings(2))
		data := unhex(t, test.settings)
		_, status := h.do(insChangeFileSettings, dnaFull, []byte{test.file}, data)
		if status != test.want {
			t.Errorf("%s: got 91%02X, want 91%02X", name, byte(status), byte(test.want))
			continue
		}
		after := h.d.Settings(2)
		if status != dnaOK && string(after) != before {
			t.Errorf("%s: refused, but the settings are now %X", name, after)
		}
		if got := string(after[1:4]) + string(after[7:]); status == dnaOK && got != string(data) {
			t.Errorf("%s: got settings %X, want %X", name, got, data)
		}
	}
}

func TestSettingsThatNobodyMayChange(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	if _, status := h.do(insChangeFileSettings, dnaFull, []byte{2}, unhex(t, "00 0FE0")); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	if _, status := h.do(insChangeFileSettings, dnaFull, []byte{2}, unhex(t, "00 00E0")); status != dnaPermissionDenied {
		t.Errorf("got 91%02X", byte(status))
	}
}

// TestCounterCountsRuns looks at when the counter moves (§9.3.1).
func TestCounterCountsRuns(t *testing.T) {
	iso, own := "00B0000040", "90AD000007 02 000000 400000 00"
	for _, test := range []struct {
		name     string
		commands []string
		want     int
	}{
		{"one reading in two parts", []string{"00B0000020", "00B0002020"}, 1},
		{"another command in between", []string{iso, "9064000001 01 00", iso}, 2},
		{"selected again", []string{iso, selectFile, iso}, 2},
		{"both kinds of reading", []string{iso, own, own, iso}, 3},
		{"another file in between", []string{iso, "90AD000007 01 000000 020000 00", iso}, 2},
		{"the reader's own commands do not count", []string{iso, "FFCA000000", iso}, 1},
		{"reading behind the end", []string{"00B0010001"}, 0},
	} {
		h := newHost(t, DNAOptions{})
		h.prepareSDM("40 00E0 C1 FF21 180000 3B0000 3B0000")
		h.say(append([]string{selectNDEF, selectFile}, test.commands...)...)
		if got := h.d.Counter(); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

func TestReadingChangesOnlyBetweenRuns(t *testing.T) {
	h := newHost(t, DNAOptions{})
	h.prepareSDM("40 00E0 C1 FF21 180000 3B0000 3B0000")
	first := h.say(selectNDEF, selectFile, "00B0000060")
	if again := h.say("00B0000060"); again != first {
		t.Error("the same run gives something else")
	}
	if err := h.d.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if next := h.say(selectNDEF, selectFile, "00B0000060"); next == first {
		t.Error("another run gives the same")
	}
	h.login(0)
	plain, status := h.do(insReadData, dnaPlain, []byte{2, 0, 0, 0, 0x60, 0, 0}, nil)
	if status != dnaOK || strings.Trim(string(plain), "\x00") != "" {
		t.Errorf("in a session: got %X, 91%02X, want what is stored", plain, byte(status))
	}
	if got := h.d.Counter(); got != 2 {
		t.Errorf("got counter %d, want 2", got)
	}
}

func TestCounterEnds(t *testing.T) {
	h := newHost(t, DNAOptions{})
	h.prepareSDM("40 00E0 E1 FF21 180000 3B0000 3B0000 020000")
	if got := h.say(selectNDEF, selectFile, "00B0000001", selectFile, "00B0000001", selectFile, "00B0000001"); got != "6982" {
		t.Errorf("third reading of two: got %s", got)
	}
	if got := h.say(selectNDEF, "90AD000007 02 000000 010000 00"); got != "919D" {
		t.Errorf("native reading: got %s", got)
	}
	h.prepareSDM("40 00E0 C1 FF21 180000 3B0000 3B0000")
	h.d.PutCounter(0xFFFFFF)
	if got := h.say(selectNDEF, selectFile, "00B0000001"); got != "6982" {
		t.Errorf("at the end of counting: got %s", got)
	}
}

func TestFileCounters(t *testing.T) {
	h := newHost(t, DNAOptions{}).login(0)
	if _, status := h.do(insChangeFileSettings, dnaFull, []byte{2}, unhex(t, "40 00E0 C1 F121 180000 3B0000 3B0000")); status != dnaOK {
		t.Fatalf("got 91%02X", byte(status))
	}
	h.d.PutCounter(0x010203)
	if _, status := h.do(insGetFileCounters, dnaFull, []byte{2}, nil); status != dnaAuthenticationError {
		t.Errorf("with key 0: got 91%02X", byte(status))
	}
	got, status := h.login(1).do(insGetFileCounters, dnaFull, []byte{2}, nil)
	if status != dnaOK || string(got) != "\x03\x02\x01\x00\x00" {
		t.Errorf("got %X, 91%02X", got, byte(status))
	}
}

func TestPlainMirrors(t *testing.T) {
	h := newHost(t, DNAOptions{})
	h.d.PutContent(2, []byte("u=______________x______&m=________________"))
	h.prepareSDM("40 00E0 C1 FEE1 020000 110000 020000 1A0000")
	h.d.PutCounter(0x0000FE)
	got := string(unhex(t, h.say(selectNDEF, selectFile, "00B000002A")))
	if !strings.HasPrefix(got, "u=04DE5F1EACC040x0000FF&m=") || strings.Contains(got, "_") {
		t.Errorf("got %q", got)
	}
}
