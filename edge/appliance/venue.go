package appliance

import (
	"context"
	"fmt"
	"time"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
)

// venueOf turns settings into the core's words. The settings were checked when they were read.
func venueOf(s configs.Settings) (edge.Venue, error) {
	zone, err := s.Venue.Zone()
	if err != nil {
		return edge.Venue{}, fmt.Errorf("venue's time zone: %w", err)
	}
	cutOff, err := s.Venue.CutOff()
	if err != nil {
		return edge.Venue{}, fmt.Errorf("end of the venue's day: %w", err)
	}
	g := s.Guests
	return edge.Venue{
		Name: s.Venue.Name, Currency: s.Venue.Currency, Zone: zone, CutOff: cutOff, Languages: s.Venue.Languages,
		Kitchen: s.Venue.Kitchen,
		Policy: edge.Policy{
			Printed: edge.Permission(g.Printed), Recent: edge.Permission(g.Recent), Proven: edge.Permission(g.Proven),
			EscalateAfter: time.Duration(g.EscalateAfter), RejectAfter: time.Duration(g.RejectAfter),
			SessionIdle: time.Duration(g.SessionEndsAfter), PresenceTTL: time.Duration(g.ScanLasts),
			MaxLines: g.MaxLines, MaxQuantity: g.MaxQuantity, MaxOpenOrders: g.MaxOpenOrders,
		},
		Coursing: edge.Coursing{
			Hold: s.Kitchen.HoldCourses, Next: edge.NextCourse(s.Kitchen.NextCourse),
			Delay: time.Duration(s.Kitchen.NextCourseDelay), Together: s.Kitchen.ReadyTogether,
			Guests: s.Kitchen.GuestsCallNext,
		},
		UnseenAfter: time.Duration(s.Kitchen.UnseenAfter),
		Staff:       staffPolicy(s.Staff),
	}, nil
}

func staffPolicy(s configs.Staff) edge.StaffPolicy {
	policy := edge.StaffPolicy{ApproveWithin: time.Duration(s.ApproveWithin), SignedIn: time.Duration(s.SignedInFor)}
	for _, what := range s.Approve {
		policy.Approve = append(policy.Approve, edge.Guarded(what))
	}
	return policy
}

// newestRecord is the time of the journal's newest record, zero for an empty journal.
func newestRecord(ctx context.Context, store edge.Store) (time.Time, error) {
	var newest time.Time
	err := store.Read(ctx, func(view edge.View) error {
		seq, err := view.Seq()
		if err != nil || seq == 0 {
			return err
		}
		events, err := view.Events(seq-1, 1)
		if err == nil && len(events) > 0 {
			newest = events[0].At
		}
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("read the newest record: %w", err)
	}
	return newest, nil
}

// tableIDs lists the places in use, for their codes.
func (d *Device) tableIDs() []edge.ID {
	var ids []edge.ID
	err := d.store.Read(context.Background(), func(view edge.View) error {
		tables, err := view.Tables()
		for _, t := range tables {
			if !t.Retired {
				ids = append(ids, t.ID)
			}
		}
		return err
	})
	if err != nil {
		d.log.Warn("tables could not be read for their codes", "error", err)
	}
	return ids
}

// Tables lists the places in use.
func (d *Device) Tables(ctx context.Context) ([]edge.Table, error) {
	var tables []edge.Table
	err := d.store.Read(ctx, func(view edge.View) error {
		all, err := view.Tables()
		for _, t := range all {
			if !t.Retired {
				tables = append(tables, t)
			}
		}
		return err
	})
	return tables, err
}

// Tokens lists a table's codes, retired ones included.
func (d *Device) Tokens(ctx context.Context, table edge.ID) ([]edge.Token, error) {
	var tokens []edge.Token
	err := d.store.Read(ctx, func(view edge.View) (err error) {
		tokens, err = view.Tokens(table)
		return err
	})
	return tokens, err
}

// OpenSessions lists the sessions that are not over, oldest first.
func (d *Device) OpenSessions(ctx context.Context) ([]edge.Session, error) {
	var sessions []edge.Session
	err := d.store.Read(ctx, func(view edge.View) (err error) {
		sessions, err = view.OpenSessions()
		return err
	})
	return sessions, err
}
