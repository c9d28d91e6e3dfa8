package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// chit is a ticket as it hangs in the kitchen: a block of lines, the most dangerous first. age is how long it has been
// cooking, mark what is special about it now.
func chit(t *edge.Ticket, age time.Duration, mark string) string {
	var out strings.Builder
	head := []string{plain(t.Number), "table " + plain(t.Table), plain(t.Station), dining(t.Dining)}
	if t.State == edge.TicketStateHeld {
		head = append(head, heldUntil(t, t.Since().Add(age)))
	} else {
		head = append(head, ago(age))
	}
	if t.Kind == edge.TicketCancellation {
		head = append([]string{"CANCELLED"}, head...)
	}
	fmt.Fprintf(&out, "── %s ──\n", strings.Join(append(head, marks(t, mark)...), " · "))
	for _, line := range warnings(t) {
		fmt.Fprintf(&out, "   %s\n", line)
	}
	for i := range t.Items {
		dish(&out, &t.Items[i], t.Kind == edge.TicketCancellation)
	}
	if t.Note != "" {
		fmt.Fprintf(&out, "   note: %s\n", plain(t.Note))
	}
	if len(t.AlsoAt) > 0 {
		fmt.Fprintf(&out, "   also at %s\n", plain(strings.Join(t.AlsoAt, ", ")))
	}
	return out.String()
}

// heldUntil says what a held ticket waits for.
func heldUntil(t *edge.Ticket, now time.Time) string {
	switch {
	case !t.FireAt.IsZero():
		return "HELD, fires in " + ago(t.FireAt.Sub(now))
	case t.ByHand:
		return "HELD by hand"
	default:
		return "HELD"
	}
}

func dining(option edge.DiningOption) string {
	switch option {
	case edge.EatIn:
		return "eat in"
	case edge.TakeAway:
		return "TAKE AWAY"
	default:
		return plain(string(option))
	}
}

// marks are the words at the end of a chit's first line.
func marks(t *edge.Ticket, mark string) []string {
	var words []string
	if !t.Rush.IsZero() {
		words = append(words, "RUSH")
	}
	if t.Fly {
		words = append(words, "ON THE FLY")
	}
	if t.Round > 1 {
		words = append(words, fmt.Sprintf("ADDITION %d", t.Round))
	}
	if t.Course > 0 {
		words = append(words, fmt.Sprintf("course %d", t.Course))
	}
	if t.Seat > 0 {
		words = append(words, fmt.Sprintf("seat %d", t.Seat))
	}
	if mark != "" {
		words = append(words, mark)
	}
	return words
}

// warnings stand above the dishes: who eats what is on the chit must not get some of it.
func warnings(t *edge.Ticket) []string {
	var lines []string
	if len(t.Allergies) > 0 || t.AllergyNote != "" {
		var what []string
		for _, a := range t.Allergies {
			what = append(what, plain(string(a)))
		}
		if t.AllergyNote != "" {
			what = append(what, plain(t.AllergyNote))
		}
		lines = append(lines, "!! ALLERGY: "+strings.Join(what, ", "))
	}
	if t.Reason != "" {
		lines = append(lines, "made again: "+plain(t.Reason))
	}
	return lines
}

// dish is an item: how many at the left, what is different about it below, set in.
func dish(out *strings.Builder, item *edge.TicketItem, slip bool) {
	name := plain(item.Name)
	if item.Variant != "" {
		name += ", " + plain(item.Variant)
	}
	var notes []string
	if item.Done > 0 {
		notes = append(notes, fmt.Sprintf("%d done", item.Done))
	}
	wanted := item.Quantity - item.Cancelled
	switch {
	case slip:
		notes = append(notes, "NOT to be cooked any more")
	case wanted <= 0:
		wanted, notes = item.Quantity, append(notes, "CANCELLED")
	case item.Cancelled > 0:
		notes = append(notes, fmt.Sprintf("%d more CANCELLED", item.Cancelled))
	}
	fmt.Fprintf(out, "%4d  %s", wanted, name)
	if len(notes) > 0 {
		fmt.Fprintf(out, "  (%s)", strings.Join(notes, ", "))
	}
	out.WriteByte('\n')
	for _, m := range item.Modifiers {
		fmt.Fprintf(out, "        %s\n", change(m))
	}
	if item.Note != "" {
		fmt.Fprintf(out, "        note: %s\n", plain(item.Note))
	}
}

func change(m edge.TicketModifier) string {
	name := strings.TrimPrefix(plain(m.Name), "+ ") // many a menu writes it itself
	if m.Quantity > 1 {
		name = fmt.Sprintf("%d × %s", m.Quantity, name)
	}
	if m.Removal {
		return "WITHOUT: " + name
	}
	return "+ " + name
}

// ago says how long something takes, in the units people think in.
func ago(age time.Duration) string {
	switch {
	case age < time.Minute:
		return fmt.Sprintf("%d s", max(age, 0)/time.Second)
	case age < 2*time.Hour:
		return fmt.Sprintf("%d min", age/time.Minute)
	default:
		return fmt.Sprintf("%d h %d min", age/time.Hour, age%time.Hour/time.Minute)
	}
}
