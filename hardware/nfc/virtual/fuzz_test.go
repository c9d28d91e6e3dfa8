package virtual

import (
	"context"
	"encoding/hex"
	"testing"
)

// FuzzDNA sends one command after another, without a key. Nothing may panic, every answer has a status word, and what asks for a
// key stays as it was.
func FuzzDNA(f *testing.F) {
	for _, text := range []string{
		"00A4040007D276000085010100", "00A4000C02E104", "00B0000000", "00D6000003010203", "9060000000", "90AF000000", "9071000002000000",
		"90AD00000702000000000000" + "00", "908D000009020000000200000102" + "00", "905F0000040200E000" + "00", "90C4000001" + "0100", "FFCA000000",
	} {
		cmd, err := hex.DecodeString(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(cmd, cmd)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		d := NewDNA([7]byte{4}, DNAOptions{})
		before := d.store
		for _, cmd := range [][]byte{{0x00, 0xA4, 0x00, 0x0C, 0x02, 0xE1, 0x10}, first, second, first} {
			answer, err := d.Transmit(context.Background(), cmd)
			if err != nil || len(answer) < 2 || len(answer) > 258 {
				t.Fatalf("%X: got %X, %v", cmd, answer, err)
			}
		}
		for i, k := range d.store.keys {
			if k.value != before.keys[i].value || k.version != 0 {
				t.Fatalf("key %d is %X", i, k.value)
			}
		}
		for i, file := range d.store.files {
			if file.rights != before.files[i].rights || file.sdm != nil || i != 1 && string(file.content) != string(factoryFiles()[i].content) {
				t.Fatalf("file %d was changed", i+1)
			}
		}
	})
}

// FuzzNTAG does the same to an NTAG213, whose number and signature nobody can change.
func FuzzNTAG(f *testing.F) {
	for _, text := range []string{"FFB0000410", "FFD600040401020304", "FF0000000160", "FF000000033A0406", "FF000000051BFFFFFFFF", "FF00000003D44260", "FFD6002904C40004FF"} {
		cmd, err := hex.DecodeString(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(cmd, cmd)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		tag := NewNTAG(NTAG213, [7]byte{4, 1, 2, 3, 4, 5, 6})
		before := tag.Memory()
		for _, cmd := range [][]byte{first, second, first} {
			if answer, err := tag.Transmit(context.Background(), cmd); err != nil || len(answer) < 2 {
				t.Fatalf("%X: got %X, %v", cmd, answer, err)
			}
		}
		after := tag.Memory()
		if string(after[:10]) != string(before[:10]) || len(after) != len(before) {
			t.Fatalf("the number is now %X", after[:10])
		}
		for i := 10; i < 16; i++ {
			if after[i]&before[i] != before[i] {
				t.Fatalf("one-time programmable byte %d went from %02X to %02X", i, before[i], after[i])
			}
		}
	})
}
