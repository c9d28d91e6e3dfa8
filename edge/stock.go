package edge

import "time"

// Stock is whether something can be sold now. The key is an item's id, "item/variant", or "+modifier". What has no
// stock record is available without limit.
type Stock struct {
	Key     string    `json:"key"`
	SoldOut bool      `json:"sold_out"`
	Left    *int      `json:"left,omitempty" doc:"Countdown: how many can still be sold; none is no limit"`
	Until   time.Time `json:"until,omitzero" doc:"When sold out ends by itself; none is by hand"`
}

// Available reports whether n can be sold at the moment at.
func (s Stock) Available(n int, at time.Time) bool {
	if s.SoldOut && (s.Until.IsZero() || at.Before(s.Until)) {
		return false
	}
	return s.Left == nil || *s.Left >= n
}

// VariantKey is the stock key of an item's variant.
func VariantKey(item, variant string) string { return item + "/" + variant }

// ModifierKey is the stock key of a modifier.
func ModifierKey(modifier string) string { return "+" + modifier }
