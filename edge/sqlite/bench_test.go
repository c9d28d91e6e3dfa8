package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// BenchmarkPlace is the whole of an order by the rules of the house: four lines, two stations, three events.
func BenchmarkPlace(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			h := openHouse(b, openTest(b, Options{}), 20)
			guests := make([]edge.Guest, writers)
			for i := range guests {
				guests[i] = h.guest(b, i%20)
			}
			orders(b, writers, func(writer, n int) error {
				_, err := h.floor.Place(context.Background(), fourLines(guests[writer].ID, fmt.Sprint(n)))
				return err
			})
		})
	}
}

// BenchmarkAppend is the store alone: one event in the journal.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := openTest(b, Options{})
			body := make([]byte, 1000)
			for i := range body {
				body[i] = '1'
			}
			orders(b, writers, func(_, _ int) error {
				return s.Write(context.Background(), func(tx edge.Tx) error {
					_, err := tx.Append(edge.Event{Kind: edge.OrderPlaced, Subject: newID(), At: time.Now(), Body: body})
					return err
				})
			})
		})
	}
}

// orders spreads b.N calls over the writers.
func orders(b *testing.B, writers int, place func(writer, n int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range writers {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				if err := place(w, n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}
