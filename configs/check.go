package configs

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"
)

// problem is something wrong with one key; path is "venue.currency".
type problem struct {
	path, text string
}

func (p problem) Error() string { return p.path + ": " + p.text }

// check lists everything that is wrong, joined.
func (s *Settings) check() error {
	var all []error
	add := func(path, format string, args ...any) {
		all = append(all, problem{path, fmt.Sprintf(format, args...)})
	}
	s.Venue.check(add)
	s.Server.check(add)
	s.Guests.check(add)
	s.Kitchen.check(add)
	if s.Data.Directory == "" {
		add("data.directory", "name the folder for the database")
	}
	if every := time.Duration(s.Codes.ChangesEvery); every < 10*time.Second || every > time.Hour {
		add("codes.changes_every", "%s is not between 10s and 1h", every)
	}
	s.Readers.check(add)
	s.Staff.check(add)
	names := map[string]bool{}
	for i, d := range s.Displays {
		path := fmt.Sprintf("displays[%d]", i)
		if d.Name == "" || names[d.Name] {
			add(path+".name", "every display needs a name of its own")
		}
		names[d.Name] = true
		if d.Driver == "" {
			add(path+".driver", "name the driver")
		}
		if d.Table == "" {
			add(path+".table", "name the table or counter whose code it shows")
		}
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.Log.Level) {
		add("log.level", "%q is not one of debug, info, warn, error", s.Log.Level)
	}
	if !slices.Contains([]string{"text", "json"}, s.Log.Format) {
		add("log.format", "%q is not one of text, json", s.Log.Format)
	}
	return errors.Join(all...)
}

func (v Venue) check(add func(string, string, ...any)) {
	if strings.TrimSpace(v.Name) == "" {
		add("venue.name", "the venue needs a name")
	}
	if _, err := currency.ParseISO(v.Currency); err != nil {
		add("venue.currency", "%q is not a currency of ISO 4217, such as EUR", v.Currency)
	}
	if _, err := v.Zone(); err != nil {
		add("venue.time_zone", "%q is not a time zone, such as Europe/Berlin", v.TimeZone)
	}
	if _, err := v.CutOff(); err != nil {
		add("venue.day_ends", "%v", err)
	}
	if len(v.Languages) == 0 {
		add("venue.languages", "name at least one language")
	}
	for _, l := range append(slices.Clone(v.Languages), v.Kitchen) {
		if _, err := language.Parse(l); err != nil {
			add("venue.languages", "%q is not a language, such as en or de", l)
		}
	}
}

// Zone is the venue's time zone.
func (v Venue) Zone() (*time.Location, error) {
	if v.TimeZone == "" || v.TimeZone == "Local" {
		return nil, errors.New("no time zone")
	}
	return time.LoadLocation(v.TimeZone)
}

// CutOff is how long after midnight the business day ends.
func (v Venue) CutOff() (time.Duration, error) {
	at, err := time.Parse("15:04", v.DayEnds)
	cut := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	if err != nil || cut > 12*time.Hour {
		return 0, fmt.Errorf("%q is not a time between 00:00 and 12:00", v.DayEnds)
	}
	return cut, nil
}

func (s Server) check(add func(string, string, ...any)) {
	_, port, err := net.SplitHostPort(s.Listen)
	if n, portErr := strconv.Atoi(port); err != nil || portErr != nil || n < 0 || n > 65535 {
		add("server.listen", "%q is not an address with a port, such as 0.0.0.0:8080", s.Listen)
	}
	base, err := url.Parse(s.BaseURL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.User != nil ||
		strings.Trim(base.Path, "/") != "" || base.RawQuery != "" || base.Fragment != "" {
		add("server.base_url", "%q is not an address such as https://order.example.com", s.BaseURL)
	}
}

func (g Guests) check(add func(string, string, ...any)) {
	for _, p := range []struct{ name, value string }{
		{"printed", g.Printed}, {"recent", g.Recent}, {"proven", g.Proven},
	} {
		if !slices.Contains([]string{"menu_only", "first_order_waits", "straight_to_kitchen"}, p.value) {
			add("guests."+p.name, "%q is not one of menu_only, first_order_waits, straight_to_kitchen", p.value)
		}
	}
	if g.EscalateAfter > g.RejectAfter && g.RejectAfter > 0 {
		add("guests.escalate_after", "an order cannot get louder after it was rejected")
	}
	for _, n := range []struct {
		name    string
		value   int
		highest int
	}{{"max_lines", g.MaxLines, 200}, {"max_quantity", g.MaxQuantity, 1000}, {"max_open_orders", g.MaxOpenOrders, 1000}} {
		if n.value < 1 || n.value > n.highest {
			add("guests."+n.name, "%d is not between 1 and %d", n.value, n.highest)
		}
	}
}

func (k Kitchen) check(add func(string, string, ...any)) {
	rules := []string{"by_hand", "when_fired", "when_done", "when_served"}
	if !slices.Contains(rules, k.NextCourse) {
		add("kitchen.next_course", "%q is not one of %s", k.NextCourse, strings.Join(rules, ", "))
	}
	if k.NextCourseDelay > Duration(3*time.Hour) {
		add("kitchen.next_course_delay", "guests would wait longer than three hours for their next course")
	}
}

// at shows where in the file the first problem stands, when the key is in the file at all.
func at(raw []byte, err error) error {
	file, parseErr := parser.ParseBytes(raw, 0)
	if parseErr != nil {
		return err
	}
	p, ok := errors.AsType[problem](err)
	if !ok {
		return err
	}
	path, pathErr := yaml.PathString("$." + p.path)
	if pathErr != nil {
		return err
	}
	node, findErr := path.FilterFile(file)
	if findErr != nil || node == nil {
		return err
	}
	position := node.GetToken().Position
	excerpt, annotateErr := path.AnnotateSource(raw, false)
	if annotateErr != nil {
		return fmt.Errorf("[%d:%d] %w", position.Line, position.Column, err)
	}
	return fmt.Errorf("[%d:%d] %w\n%s", position.Line, position.Column, err, strings.TrimRight(string(excerpt), "\n"))
}
