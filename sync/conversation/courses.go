package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// courseData begins the data of the button that calls the next course; the order follows.
const courseData = "course:"

// mayCall reports whether the guest may call the order's next course now.
func (c *Conversation) mayCall(f orderFacts) bool {
	return !f.over && !f.order.State.Over() && c.venue.Coursing.MayCall(&f.order, f.tickets)
}

// between reports whether the kitchen works on nothing of the order: its next course waits.
func (f orderFacts) between() bool { return f.order.Between(f.tickets) }

// times says when the order may be ready, or that it takes longer; "" when nothing is known or nothing is cooked.
func (c *Conversation) times(voice speaker, f orderFacts) string {
	o := f.order
	switch {
	case o.State != edge.OrderStateAccepted && o.State != edge.OrderStatePreparing, f.between():
		return ""
	case delayed(o):
		return voice.say("delayed")
	case o.Expected == nil:
		return ""
	}
	from, to := c.clockTime(o.Expected.From), c.clockTime(o.Expected.To.Add(time.Minute-1))
	if from == to {
		return voice.say("expected_at", values{"Time": to})
	}
	return voice.say("expected_between", values{"From": from, "To": to})
}

// clockTime is the time of day at the venue, in whole minutes.
func (c *Conversation) clockTime(at time.Time) string { return at.In(c.venue.Zone).Format("15:04") }

// heldLines says of every course that waits what it is and what it waits for.
func (c *Conversation) heldLines(voice speaker, f orderFacts) []string {
	if f.order.State.Over() {
		return nil
	}
	key := "held_by_kitchen"
	if c.venue.Coursing.Guests {
		key = "held_by_guest"
	}
	var lines []string
	for _, course := range f.order.Held {
		var names []string
		for _, line := range f.order.Lines {
			if n := line.Quantity - line.Cancelled; n > 0 && line.Course == course {
				names = append(names, fmt.Sprintf("%d × %s", n, c.lineName(voice, line)))
			}
		}
		more := len(names) - maxCourse
		if more > 0 {
			names = append(names[:maxCourse], voice.count("lines_more", more))
		}
		lines = append(lines, voice.say(key, values{"Course": course, "Names": strings.Join(names, ", ")}))
	}
	return lines
}

// callCourse calls the next course of an order, or with "" of the guest's first order whose next course may be called,
// and gives the words to answer with.
func (h hearing) callCourse(ctx context.Context, order edge.ID) (words string, err error) {
	var guest edge.Guest
	var seated bool
	err = h.store.Read(ctx, func(view edge.View) error {
		var err error
		if guest, _, seated, err = seatOf(view, h.lane); err != nil || !seated || order != "" {
			return err
		}
		order, err = h.callable(view, guest)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !seated:
		return "visit_over", nil
	case order == "":
		return "course_not_yet", nil
	}
	err = h.floor.NextCourse(ctx, guest.ID, order)
	switch code := edge.CodeOf(err); {
	case err == nil:
		return "course_called", nil
	case errors.Is(err, edge.ErrUnavailable):
		return "", err
	case code == "course_not_yet":
		return "course_not_yet", nil
	case code == "session_closed":
		return "visit_over", nil
	case errors.Is(err, edge.ErrNotFound):
		return "button_unknown", nil
	case code == "":
		return "", err
	default:
		return "not_possible", nil
	}
}

// callable is the first of the guest's orders whose next course may be called, "" when there is none.
func (h hearing) callable(view edge.View, guest edge.Guest) (edge.ID, error) {
	orders, err := view.OrdersOf(guest.Session)
	if err != nil {
		return "", err
	}
	for _, order := range orders {
		if order.Guest != guest.ID || len(order.Held) == 0 {
			continue
		}
		tickets, err := view.TicketsOf(order.ID)
		if err != nil {
			return "", err
		}
		if h.venue.Coursing.MayCall(&order, tickets) {
			return order.ID, nil
		}
	}
	return "", nil
}
