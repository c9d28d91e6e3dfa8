package edge_test

import (
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

func TestChainCoversEveryField(t *testing.T) {
	base := edge.Event{
		Seq: 7, Kind: edge.OrderPlaced, Subject: "s", Session: "t", Actor: "guest:1", At: time.UnixMilli(1), Trusted: true,
		Body: []byte(`{"a":1}`),
	}
	seen := map[[32]byte]string{base.Chain([32]byte{}): "the record itself"}
	for name, change := range map[string]func(*edge.Event){
		"seq":     func(e *edge.Event) { e.Seq = 8 },
		"kind":    func(e *edge.Event) { e.Kind = edge.OrderReady },
		"subject": func(e *edge.Event) { e.Subject = "S" },
		"session": func(e *edge.Event) { e.Session = "" },
		"actor":   func(e *edge.Event) { e.Actor = "guest:2" },
		"time":    func(e *edge.Event) { e.At = time.UnixMilli(2) },
		"trust":   func(e *edge.Event) { e.Trusted = false },
		"body":    func(e *edge.Event) { e.Body = []byte(`{"a":2}`) },
		"a byte moved from one field to the next": func(e *edge.Event) { e.Subject, e.Session = "st", "" },
	} {
		changed := base
		change(&changed)
		hash := changed.Chain([32]byte{})
		if other, ok := seen[hash]; ok {
			t.Errorf("changing %s: the hash is the one of %s", name, other)
		}
		seen[hash] = name
	}
	if _, ok := seen[base.Chain([32]byte{1})]; ok {
		t.Error("the hash does not depend on the record before")
	}
}
