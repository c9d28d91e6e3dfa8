package appliance

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/configs"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/hardware/all"
	"github.com/comanda-pos/comanda/hardware/display"
)

// screen is one display of the settings: its keeper, and what it shows.
type screen struct {
	d        *Device
	settings configs.Display
	keeper   *display.Keeper
	problem  error // why it cannot be opened at all
}

func newScreens(d *Device) []*screen {
	var screens []*screen
	for _, settings := range d.settings.Displays {
		s := &screen{d: d, settings: settings}
		log := d.log.With("display", settings.Name)
		open, err := all.PrepareDisplay(settings.Driver, settings.Settings, log)
		if err != nil {
			s.problem = err
			log.Warn("a display cannot be used", "error", err)
		} else {
			s.keeper = display.NewKeeper(settings.Name, open, log)
		}
		screens = append(screens, s)
	}
	return screens
}

func (s *screen) services() []suture.Service {
	if s.keeper == nil {
		return nil
	}
	return []suture.Service{s.keeper, s}
}

// String names the part in logs.
func (s *screen) String() string { return "display " + s.settings.Name }

// Serve implements suture.Service: it keeps the newest code of the display's table on it.
func (s *screen) Serve(ctx context.Context) error {
	for {
		card, next := s.card(ctx)
		s.keeper.Set(card)
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// lookAgain is how soon a display whose table is not there looks for it again.
const lookAgain = 5 * time.Second

// card is what the display shows now, and for how long.
func (s *screen) card(ctx context.Context) (display.Card, time.Duration) {
	table, err := s.d.tableNamed(ctx, s.settings.Table)
	if err != nil {
		return display.Card{
			Title: s.settings.Table, Caption: s.d.say("no-such-table"), Tone: display.Trouble,
		}, lookAgain
	}
	now := s.d.clock.time()
	card, next := s.d.tableCard(table, now)
	// The clock may jump and the table may change before the next code: asking a little too often is harmless.
	return card, min(max(next.Sub(now), 100*time.Millisecond), time.Minute)
}

// tableCard is a table's card with the code of this moment; next is when the following code comes.
func (d *Device) tableCard(table edge.Table, now time.Time) (card display.Card, next time.Time) {
	code, _, next := d.codes.Current(table.ID, now)
	base := d.baseURL()
	_, host, _ := strings.Cut(base, "://")
	return display.Card{
		// Capitals throughout: the code is smaller, and the server does not mind (RFC 3986 §6.2.2.1 for the host).
		Code: display.Tighten(base + "/T/" + code), Title: d.tableTitle(table), Caption: d.say("scan"),
		Typed: []string{host + "/t/", code}, Footer: d.settings.Venue.Name,
	}, next
}

func (d *Device) tableTitle(table edge.Table) string {
	if table.Kind == edge.KindCounter {
		return table.Name
	}
	return fmt.Sprintf(d.say("table"), table.Name)
}

// tableNamed finds a table in use by its name.
func (d *Device) tableNamed(ctx context.Context, name string) (edge.Table, error) {
	var found edge.Table
	err := d.store.Read(ctx, func(view edge.View) error {
		tables, err := view.Tables()
		if err != nil {
			return err
		}
		for _, t := range tables {
			if !t.Retired && strings.EqualFold(t.Name, name) {
				found = t
				return nil
			}
		}
		return edge.Refuse(edge.KindNotFound, "table_unknown", "There is no table %q.", name)
	})
	return found, err
}

// flashTable shows a table that was tapped on every display, with its code to scan.
func (d *Device) flashTable(table edge.Table) {
	now := d.clock.time()
	card, _ := d.tableCard(table, now)
	d.flashAll(live.Flash{
		Kind: "ok", TextKey: "welcome", Table: table.Name, Visit: table.ID, VisitUntil: now.Add(showTable),
	}, showGreeting, showTable, card)
}

// flashAll answers a tap on every display: screens in browsers say it for as long as answer, then show the code of the
// table that is visited, if one is; displays of our own show card for as long as stay.
func (d *Device) flashAll(flash live.Flash, answer, stay time.Duration, card display.Card) {
	flash.Until = d.clock.time().Add(answer)
	d.hub.Flash(flash, append(d.tableIDs(), "")...)
	for _, s := range d.displays {
		if s.keeper != nil {
			s.keeper.Flash(card, stay)
		}
	}
}
