package configs

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The roles of readers.
const (
	ReaderCounter      = "counter"
	ReaderBar          = "bar"
	ReaderStaff        = "staff"
	ReaderProvisioning = "provisioning"
)

func (r Readers) check(add func(string, string, ...any)) {
	if !slices.Contains([]string{"pcsc", "sim", "none"}, r.Driver) {
		add("readers.driver", "%q is not one of pcsc, sim, none", r.Driver)
	}
	roles := []string{ReaderCounter, ReaderBar, ReaderStaff, ReaderProvisioning}
	names, matches := map[string]bool{}, map[string]bool{}
	for i, reader := range r.List {
		path := fmt.Sprintf("readers.list[%d]", i)
		if strings.TrimSpace(reader.Name) == "" || names[strings.ToLower(reader.Name)] {
			add(path+".name", "every reader needs a name of its own")
		}
		if reader.Match == "" || matches[reader.Match] {
			add(path+".match", "say how the reader's own name begins, differently for every reader")
		}
		if !slices.Contains(roles, reader.Role) {
			add(path+".role", "%q is not one of %s", reader.Role, strings.Join(roles, ", "))
		}
		if reader.Screen != "" && reader.Role == ReaderProvisioning {
			add(path+".screen", "nobody signs in at a reader for setting up tags")
		}
		names[strings.ToLower(reader.Name)], matches[reader.Match] = true, true
	}
}

func (s Staff) check(add func(string, string, ...any)) {
	for i, what := range s.Approve {
		if what != "cancel" || slices.Contains(s.Approve[:i], what) {
			add(fmt.Sprintf("staff.approve[%d]", i), "%q is not cancel, once", what)
		}
	}
	if within := time.Duration(s.ApproveWithin); within < 10*time.Second || within > 10*time.Minute {
		add("staff.approve_within", "%s is not between 10s and 10m", within)
	}
	if signed := time.Duration(s.SignedInFor); signed > 0 && signed < time.Minute {
		add("staff.signed_in_for", "%s is not 0s or at least 1m", signed)
	}
}

// Of is the entry for a reader by its own name: the one that matches the most of it. ok is false when none does.
func (r Readers) Of(reader string) (entry Reader, ok bool) {
	for _, e := range r.List {
		if strings.HasPrefix(reader, e.Match) && len(e.Match) > len(entry.Match) {
			entry, ok = e, true
		}
	}
	return entry, ok
}
