package edge

import "time"

// BusinessDay is the day a sale belongs to, as "2006-01-02".
type BusinessDay string

// Day is the business day of an instant: the venue's local wall time minus the cut-off, date part. It is computed
// once, when something happens, and stored. A day that has begun does not end when clocks go back over its cut-off.
func (v Venue) Day(at time.Time) BusinessDay {
	return BusinessDay(v.date(at).Format(time.DateOnly))
}

// DayEnds is when the business day of an instant ends: when the next one begins.
func (v Venue) DayEnds(at time.Time) time.Time {
	return v.begins(v.date(at).AddDate(0, 0, 1)).UTC()
}

// date is the business day as midnight in UTC.
func (v Venue) date(at time.Time) time.Time {
	// Subtracting from the wall clock, not from the instant: on the night the clocks change, 04:00 is still 04:00.
	date := wall(at.In(v.Zone)).Add(-v.CutOff).Truncate(24 * time.Hour)
	if next := date.AddDate(0, 0, 1); !at.Before(v.begins(next)) {
		return next
	}
	return date
}

// begins is when the wall clock first shows the cut-off of a day or, if clocks skip it, what comes after it.
func (v Venue) begins(date time.Time) time.Time {
	want := date.Add(v.CutOff)
	at := time.Date(want.Year(), want.Month(), want.Day(), want.Hour(), want.Minute(), want.Second(), want.Nanosecond(), v.Zone)
	from, to := at.ZoneBounds()
	switch shown := wall(at); {
	case shown.Before(want):
		return to
	case shown.After(want):
		return from
	case from.IsZero():
		return at
	}
	// The same wall time may have been shown before clocks went back.
	_, now := at.Zone()
	_, before := from.Add(-time.Nanosecond).Zone()
	if earlier := at.Add(-time.Duration(before-now) * time.Second); before > now && earlier.Before(from) {
		return earlier
	}
	return at
}

// wall is what the clock on the wall shows at a local time, as if it were UTC.
func wall(local time.Time) time.Time {
	return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
}
