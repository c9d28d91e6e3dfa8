package edge

import (
	"fmt"
	"slices"
	"time"
)

// weekdays is indexed by time.Weekday.
var weekdays = [...]Weekday{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// open reports whether one of the windows is open at the local time; no windows is always open.
func open(windows []Window, local time.Time) bool {
	return len(windows) == 0 || slices.ContainsFunc(windows, func(w Window) bool { return w.open(local) })
}

func (w Window) open(local time.Time) bool {
	from, err := clockMinutes(w.From)
	if err != nil {
		return false
	}
	to, err := clockMinutes(w.To)
	if err != nil {
		return false
	}
	minute := local.Hour()*60 + local.Minute()
	today := w.on(local.Weekday())
	if from < to {
		return today && minute >= from && minute < to
	}
	yesterday := w.on((local.Weekday() + 6) % 7)
	return (today && minute >= from) || (yesterday && minute < to)
}

func (w Window) on(day time.Weekday) bool {
	return len(w.Days) == 0 || slices.Contains(w.Days, weekdays[day])
}

// clockMinutes reads "18:30" as minutes after midnight; "24:00" is the end of the day.
func clockMinutes(text string) (int, error) {
	var h, m int
	if len(text) != 5 || text[2] != ':' {
		return 0, fmt.Errorf("time %q is not of the form 18:30", text)
	}
	for i, c := range []byte(text) {
		if i != 2 && (c < '0' || c > '9') {
			return 0, fmt.Errorf("time %q is not of the form 18:30", text)
		}
	}
	h, m = int(text[0]-'0')*10+int(text[1]-'0'), int(text[3]-'0')*10+int(text[4]-'0')
	if m > 59 || h > 24 || (h == 24 && m > 0) {
		return 0, fmt.Errorf("time %q is not a time of the day", text)
	}
	return h*60 + m, nil
}
