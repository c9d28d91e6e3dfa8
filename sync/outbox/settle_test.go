package outbox

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/sync/channel"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestSettleByKind(t *testing.T) {
	t.Parallel()
	failure := func(kind channel.Kind, wait time.Duration) error {
		return &channel.Error{Kind: kind, Wait: wait, Words: "no"}
	}
	for _, tc := range []struct {
		name     string
		attempts int
		outcome  string
		err      error
		state    edge.DeliveryState
		wait     time.Duration
		says     string
	}{
		{"sent", 1, "", nil, edge.DeliverySent, 0, ""},
		{"first failure", 1, "", failure(channel.KindRetry, 0), edge.DeliveryWaiting, time.Second, "retry: no"},
		{"fourth failure", 4, "", failure(channel.KindRetry, 0), edge.DeliveryWaiting, 8 * time.Second, "retry: no"},
		{"hundredth failure", 100, "", failure(channel.KindRetry, 0), edge.DeliveryWaiting, 5 * time.Minute, "retry: no"},
		{"platform's wait", 1, "", failure(channel.KindRetry, time.Minute), edge.DeliveryWaiting, time.Minute, "retry: no"},
		{"throttled", 7, "", failure(channel.KindThrottled, 3*time.Second), edge.DeliveryWaiting, 3 * time.Second, "throttled: no"},
		{"settings", 1, "", failure(channel.KindSettings, 0), edge.DeliveryWaiting, 0, "settings wrong: no"},
		{"guest gone", 1, "", failure(channel.KindGuestGone, 0), edge.DeliveryRefused, 0, "guest gone: no"},
		{"rejected", 1, "", failure(channel.KindRejected, 0), edge.DeliveryRefused, 0, "rejected: no"},
		{"unknown", 1, "", failure(channel.KindUnknownOutcome, 0), edge.DeliveryWaiting, time.Second, "unknown outcome: no"},
		{"unknown again", 2, "unknown outcome: no", failure(channel.KindUnknownOutcome, 0), edge.DeliveryRefused, 0, "unknown outcome: no"},
		{
			"unknown, then out of reach", 2, "unknown outcome: no", failure(channel.KindRetry, 0), edge.DeliveryWaiting, 2 * time.Second,
			"retry: no (unknown outcome before)",
		},
		{"never classified", 1, "", errors.New("odd"), edge.DeliveryWaiting, time.Second, "unknown outcome: odd"},
	} {
		d := edge.Delivery{Attempts: tc.attempts, Outcome: tc.outcome, State: edge.DeliverySending, Deadline: noon.Add(time.Hour)}
		got := settle(d, tc.err, noon, 0.5)
		want := d
		want.State, want.Outcome = tc.state, tc.says
		if tc.state == edge.DeliveryWaiting {
			want.NextTry = noon.Add(tc.wait)
		} else {
			want.Ended = noon
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestWaitEndsWithTheDeadline(t *testing.T) {
	t.Parallel()
	d := edge.Delivery{Attempts: 20, Deadline: noon.Add(10 * time.Second)}
	if got := settle(d, &channel.Error{Kind: channel.KindRetry}, noon, 0.5).NextTry; !got.Equal(d.Deadline) {
		t.Errorf("next try is %v, want the deadline %v", got, d.Deadline)
	}
}

func TestBackoffStaysInBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1000).Draw(t, "failures")
		random := rapid.Float64Range(0, 0.999).Draw(t, "random")
		got := backoff(n, longestWait, random)
		if got < firstWait*3/4 || got > longestWait*5/4 {
			t.Fatalf("backoff(%d) = %v, want between 0.75 s and 6¼ min", n, got)
		}
		if next := backoff(n+1, longestWait, random); next < got {
			t.Fatalf("backoff(%d) = %v is shorter than backoff(%d) = %v", n+1, next, n, got)
		}
	})
}

func TestOvertakenInTheSameBatch(t *testing.T) {
	t.Parallel()
	d := func(lane string, subject edge.ID, intent string) edge.Delivery {
		return edge.Delivery{Lane: lane, Subject: subject, Intent: intent}
	}
	got := newest([]edge.Delivery{d("a:1", "x", "placed"), d("a:1", "y", "placed"), d("a:2", "x", "placed"), d("a:1", "x", "ready")})
	want := []edge.Delivery{d("a:1", "y", "placed"), d("a:2", "x", "placed"), d("a:1", "x", "ready")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCrashesInARow(t *testing.T) {
	t.Parallel()
	lost := &channel.Error{Kind: channel.KindUnknownOutcome, Words: "no answer"}
	d := settle(edge.Delivery{Attempts: 50, State: edge.DeliverySending}, lost, noon, 0.5)
	for n := 1; n < maxCrashes; n++ {
		d.State = edge.DeliverySending
		if d = crashed(d, noon); d.State != edge.DeliveryWaiting || !d.NextTry.Equal(noon) {
			t.Fatalf("after %d crashes the delivery is %+v, want it due at once", n, d)
		}
	}
	if got := crashed(d, noon); got.State != edge.DeliveryRefused || !got.Ended.Equal(noon) {
		t.Errorf("after %d crashes the delivery is %+v, want it given up", maxCrashes, got)
	}
	// The unknown outcome before the crashes still counts, and the crashes do not count as one.
	if got := settle(d, lost, noon, 0.5); got.State != edge.DeliveryRefused {
		t.Errorf("a second unknown outcome gives %+v, want the end", got)
	}
	fresh := crashed(edge.Delivery{State: edge.DeliverySending}, noon)
	if got := settle(fresh, lost, noon, 0.5); got.State != edge.DeliveryWaiting {
		t.Errorf("a crash and one unknown outcome give %+v, want one more try", got)
	}
}
