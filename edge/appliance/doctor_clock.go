package appliance

import (
	"context"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/edge/sqlite"
)

// longAgo is before the first version of this program: a clock that shows less has lost its time.
var longAgo = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// clock looks whether the time can be believed: whether somebody sets it, and whether it is after the newest record.
func (d Doctor) clock(ctx context.Context, running *api.OwnerState) []Finding {
	const sync = "Connect the device to the internet once, or set the time: sudo timedatectl set-ntp true"
	f := Finding{ID: "clock", Name: "Clock", State: FindingOK}
	now := d.Now()
	newest := d.newest(ctx)
	synced, known := clockSynced()
	switch {
	case now.Before(longAgo):
		f.State, f.Text, f.Do = FindingBad, "It shows "+now.Format(time.DateTime)+", which is long ago.", sync
	case newest.After(now.Add(time.Minute)):
		f.State, f.Text = FindingBad, "It shows "+now.Format(time.DateTime)+", but the newest record is of "+newest.Local().Format(time.DateTime)+"."
		f.Do = sync
	case running != nil && !running.Clock.Trusted:
		f.State, f.Text = FindingWarn, "It was wrong when the device started. It is corrected as soon as no order is open."
		f.Do = sync
	case known && !synced:
		f.State, f.Text, f.Do = FindingWarn, "Nobody sets it: it drifts, and is wrong after a power cut.", sync
	case !known:
		f.Text = "Whether somebody sets it cannot be found out on this system."
	default:
		f.Text = "It is set from the network."
	}
	return []Finding{f}
}

// newest is the time of the newest record, zero when there is none to be read.
func (d Doctor) newest(ctx context.Context) time.Time {
	reader, err := sqlite.OpenReadOnly(ctx, DatabasePath(d.Settings))
	if err != nil {
		return time.Time{}
	}
	defer func() { _ = reader.Close() }() // nothing was written
	newest, err := newestRecord(ctx, readOnly{reader})
	if err != nil {
		return time.Time{}
	}
	return newest
}

// readOnly makes a reader a store in which nothing can be changed.
type readOnly struct{ *sqlite.Reader }

// Write implements [edge.Store].
func (readOnly) Write(context.Context, func(edge.Tx) error) error {
	return edge.Refuse(edge.KindUnavailable, "read_only", "Nothing can be changed here.")
}
