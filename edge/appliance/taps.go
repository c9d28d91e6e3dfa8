package appliance

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
	"github.com/comanda-pos/comanda/hardware/all"
	"github.com/comanda-pos/comanda/hardware/display"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/pcsc"
)

// readers turns taps at the device's own readers into seats.
type readers struct {
	d          *Device
	supervisor *nfc.Supervisor
	feedback   *feedback
	problem    string // why there are no readers at all
	since      time.Time
}

func newReaders(d *Device) *readers {
	r := &readers{d: d, feedback: newFeedback(nil), since: d.started}
	backend := d.options.Readers
	if backend == nil {
		driver := d.settings.Readers.Driver
		if driver == "none" {
			r.problem = "Switched off in the settings."
			return r
		}
		var err error
		if backend, err = all.OpenReaders(driver, d.log); err != nil {
			r.problem = err.Error()
			return r
		}
	}
	r.feedback = newFeedback(backend)
	r.supervisor = nfc.NewSupervisor(nfc.Options{
		Backend: backend, Log: d.log, OnTap: r.tap, OnStatus: func(nfc.Status) { d.hub.Touch() },
	})
	return r
}

func (r *readers) services() []suture.Service {
	if r.supervisor == nil {
		return nil
	}
	return []suture.Service{r.supervisor, r.feedback}
}

// How long a tap's answer stands on the displays: long enough to scan the code of a table that was found.
const (
	showGreeting = 3 * time.Second
	showTable    = 45 * time.Second
	showTrouble  = 6 * time.Second
)

// readerActor is who acts at the device's own reader.
const readerActor edge.Actor = "reader"

// tap opens or joins the session of the table whose tag, puck or card was held to the reader, and says so on the
// displays. What is held to our own reader is here, so the presence is proven.
func (r *readers) tap(ctx context.Context, tap nfc.Tap) {
	if benchBusy(r.d.settings) || r.d.badges.take(ctx, tap) {
		return
	}
	table, err := r.open(ctx, tap)
	if err != nil {
		code := edge.CodeOf(err)
		r.d.log.Info("a tap led to no table", "reader", tap.Reader, "kind", string(tap.Kind), "reason", code)
		r.feedback.show(tap.Reader, pcsc.Bad)
		r.d.flashAll(live.Flash{Kind: "unknown", TextKey: "tag_unknown"}, showTrouble, showTrouble, display.Card{
			Title: r.d.say("tag-unknown"), Caption: r.d.say("tag-unknown-do"), Tone: display.Trouble,
		})
		return
	}
	r.feedback.show(tap.Reader, pcsc.Good)
	r.d.log.Info("a tap opened a table", "reader", tap.Reader, "table", table.Name)
	r.d.flashTable(table)
}

// open opens or joins the session of the table that a tap stands for. A tag that signs its taps has to have signed this one:
// its number alone is easily copied.
func (r *readers) open(ctx context.Context, tap nfc.Tap) (edge.Table, error) {
	if word, ok := TokenIn(r.d.baseURL(), tap.URI); ok && tapLike(word) {
		return r.d.floor.OpenByTap(ctx, word, tagUID(tap.UID), readerActor)
	}
	table, err := r.tableOf(ctx, tap)
	if err != nil {
		return edge.Table{}, err
	}
	_, err = r.d.floor.OpenTable(ctx, table.ID, edge.PresenceProven, readerActor)
	return table, err
}

// tableOf finds the table a tap stands for: by the tag's number if we wrote or enrolled it, else by the token in its
// address. A number that changes at every tap says nothing.
func (r *readers) tableOf(ctx context.Context, tap nfc.Tap) (edge.Table, error) {
	if !tap.RandomUID && len(tap.UID) > 0 {
		var table edge.Table
		err := r.d.store.Read(ctx, func(view edge.View) error {
			tag, err := view.Tag(tagUID(tap.UID))
			if err != nil {
				return err
			}
			if tag.Signs {
				return edge.Refuse(edge.KindDenied, "tap_invalid", "This tag did not prove its tap.")
			}
			if tag.Retired {
				return edge.Refuse(edge.KindNotFound, "tag_retired", "This tag is not in use any more.")
			}
			if tag.Token != "" {
				// The token decides: a table that got a new one has disowned its old tags.
				token, err := view.Token(tag.Token)
				if err != nil || token.Retired {
					return edge.Refuse(edge.KindNotFound, "token_unknown", "This tag's code is not valid any more.")
				}
			}
			table, err = view.Table(tag.TableID)
			if err == nil && table.Retired {
				return edge.Refuse(edge.KindNotFound, "table_retired", "This table is not in use any more.")
			}
			return err
		})
		if err == nil || edge.CodeOf(err) != "" {
			return table, err
		}
	}
	token, ok := TokenIn(r.d.baseURL(), tap.URI)
	if !ok {
		return edge.Table{}, edge.Refuse(edge.KindNotFound, "tag_unknown", "This is not a tag of this house.")
	}
	return r.d.floor.TableOf(ctx, token)
}

// TokenIn takes the token out of an address of the house at base: <base>/t/<token>. An address of another house, or
// of another form, has none. Scheme and host compare without case (RFC 3986 §6.2.2.1).
func TokenIn(base, address string) (string, bool) {
	ours, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	theirs, err := url.Parse(address)
	if err != nil || !strings.EqualFold(ours.Scheme, theirs.Scheme) || !strings.EqualFold(ours.Host, theirs.Host) ||
		theirs.User != nil {
		return "", false
	}
	if len(theirs.Path) < 4 || !strings.EqualFold(theirs.Path[:3], "/t/") {
		return "", false
	}
	token := theirs.Path[3:]
	return token, !strings.Contains(token, "/")
}
