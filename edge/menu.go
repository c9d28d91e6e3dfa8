package edge

import "time"

// Words is one text in several languages: BCP 47 tag → text.
type Words map[string]string

// In is the text in the first of the languages that has one, else in any language (the alphabetically first tag,
// so that the answer is always the same), else "".
func (w Words) In(languages ...string) string {
	for _, l := range languages {
		if text := w[l]; text != "" {
			return text
		}
	}
	best := ""
	for l, text := range w {
		if text != "" && (best == "" || l < best) {
			best = l
		}
	}
	return w[best]
}

// Menu is one immutable version of what the house sells. A guest holds one version; publishing makes a new one.
type Menu struct {
	Version    int64           `json:"version" yaml:"version,omitempty" doc:"Given at publishing, 1, 2, 3…"`
	Published  time.Time       `json:"published" yaml:"published,omitempty"`
	Currency   string          `json:"currency" yaml:"currency"`
	Languages  []string        `json:"languages" yaml:"languages" doc:"BCP 47, the first is the fallback"`
	Stations   []Station       `json:"stations" yaml:"stations"`
	Taxes      []TaxClass      `json:"taxes" yaml:"taxes"`
	Groups     []ModifierGroup `json:"modifier_groups,omitempty" yaml:"modifier_groups,omitempty"`
	Categories []Category      `json:"categories" yaml:"categories"`
}

// Station is a place in the kitchen that gets its own tickets.
type Station struct {
	ID   string `json:"id" yaml:"id"`
	Name Words  `json:"name" yaml:"name"`
	// WarnAfter and LateAfter are the ages, in seconds, at which a ticket turns to warning and to late.
	WarnAfter int `json:"warn_after" yaml:"warn_after,omitempty" doc:"Seconds until a ticket turns to warning"`
	LateAfter int `json:"late_after" yaml:"late_after,omitempty" doc:"Seconds until a ticket is late"`
	// TakeAway are the ages for what is taken away; none is the same as above.
	TakeAway *Ages `json:"take_away,omitempty" yaml:"take_away,omitempty"`
	// Hands is how many dishes the station makes at the same time; 0 is usualHands.
	Hands int `json:"hands,omitempty" yaml:"hands,omitempty" doc:"How many dishes it makes at the same time"`
}

// Ages are when a ticket turns to warning and to late, in seconds.
type Ages struct {
	WarnAfter int `json:"warn_after" yaml:"warn_after,omitempty"`
	LateAfter int `json:"late_after" yaml:"late_after,omitempty"`
}

// Late is the age at which a ticket of the dining option is late at the station, 0 when it never is.
func (s *Station) Late(option DiningOption) time.Duration {
	seconds := s.LateAfter
	if option == TakeAway && s.TakeAway != nil {
		seconds = s.TakeAway.LateAfter
	}
	return time.Duration(seconds) * time.Second
}

// TaxClass groups items that are taxed alike.
type TaxClass struct {
	ID   string `json:"id" yaml:"id"`
	Name Words  `json:"name" yaml:"name"`
	// EatIn and TakeAway are the rates per dining option; an empty TakeAway is the same as EatIn.
	EatIn    Rate `json:"eat_in" yaml:"eat_in"`
	TakeAway Rate `json:"take_away,omitempty" yaml:"take_away,omitempty"`
	// OnTop says that prices do not contain the tax (United States, Canada).
	OnTop bool `json:"on_top,omitempty" yaml:"on_top,omitempty"`
}

// Rate is the class's rate for the dining option.
func (t TaxClass) Rate(option DiningOption) Rate {
	if option == TakeAway && t.TakeAway != "" {
		return t.TakeAway
	}
	return t.EatIn
}

// Category is a page of the menu.
type Category struct {
	ID      string `json:"id" yaml:"id"`
	Name    Words  `json:"name" yaml:"name"`
	Station string `json:"station,omitempty" yaml:"station,omitempty" doc:"Station of items that name none"`
	// TakeAwayStation is where the category's take-away goes instead, if it names one.
	TakeAwayStation string   `json:"take_away_station,omitempty" yaml:"take_away_station,omitempty" doc:"Station of what is taken away, whatever the items name"`
	Tax             string   `json:"tax,omitempty" yaml:"tax,omitempty" doc:"Tax class of items that name none"`
	Course          int      `json:"course,omitempty" yaml:"course,omitempty"`
	Hours           []Window `json:"hours,omitempty" yaml:"hours,omitempty" doc:"When it can be ordered; none is always"`
	Items           []Item   `json:"items" yaml:"items"`
}

// Item is one thing on the menu. An item has either a price or variants.
type Item struct {
	ID          string    `json:"id" yaml:"id"`
	Name        Words     `json:"name" yaml:"name"`
	Description Words     `json:"description,omitempty" yaml:"description,omitempty"`
	KitchenName string    `json:"kitchen_name,omitempty" yaml:"kitchen_name,omitempty" doc:"Short name on tickets"`
	Price       int64     `json:"price" yaml:"price,omitempty" doc:"Minor units of the menu's currency"`
	Variants    []Variant `json:"variants,omitempty" yaml:"variants,omitempty"`
	Groups      []string  `json:"modifier_groups,omitempty" yaml:"modifier_groups,omitempty" doc:"Ids of modifier groups"`
	Tax         string    `json:"tax,omitempty" yaml:"tax,omitempty"`
	Stations    []string  `json:"stations,omitempty" yaml:"stations,omitempty"`
	Course      int       `json:"course,omitempty" yaml:"course,omitempty"`
	PrepSeconds int       `json:"prep_seconds,omitempty" yaml:"prep_seconds,omitempty"`
	// Allergens is what the item contains. Unless AllergensKnown, nothing may be concluded from an empty list.
	Allergens      []Allergen `json:"allergens,omitempty" yaml:"allergens,omitempty"`
	MayContain     []Allergen `json:"may_contain,omitempty" yaml:"may_contain,omitempty"`
	AllergensKnown bool       `json:"allergens_known,omitempty" yaml:"allergens_known,omitempty"`
	Diet           []Diet     `json:"diet,omitempty" yaml:"diet,omitempty"`
	MinAge         int        `json:"min_age,omitempty" yaml:"min_age,omitempty" doc:"Years, for alcohol"`
	MaxPerOrder    int        `json:"max_per_order,omitempty" yaml:"max_per_order,omitempty"`
	Hidden         bool       `json:"hidden,omitempty" yaml:"hidden,omitempty"`
	Hours          []Window   `json:"hours,omitempty" yaml:"hours,omitempty"`
}

// Variant is a version of an item with its own price: 0.3 l, 0.5 l.
type Variant struct {
	ID    string `json:"id" yaml:"id"`
	Name  Words  `json:"name" yaml:"name"`
	Price int64  `json:"price" yaml:"price"`
}

// ModifierGroup is a set of changes of which a guest takes at least Min and at most Max.
type ModifierGroup struct {
	ID   string `json:"id" yaml:"id"`
	Name Words  `json:"name" yaml:"name"`
	Min  int    `json:"min" yaml:"min,omitempty"`
	Max  int    `json:"max" yaml:"max"`
	// Repeat allows the same modifier more than once.
	Repeat bool `json:"repeat,omitempty" yaml:"repeat,omitempty"`
	// Free is how many of the chosen cost nothing: the cheapest ones.
	Free      int        `json:"free,omitempty" yaml:"free,omitempty"`
	Modifiers []Modifier `json:"modifiers" yaml:"modifiers"`
}

// Modifier is one change to an item.
type Modifier struct {
	ID          string `json:"id" yaml:"id"`
	Name        Words  `json:"name" yaml:"name"`
	KitchenName string `json:"kitchen_name,omitempty" yaml:"kitchen_name,omitempty"`
	Price       int64  `json:"price" yaml:"price,omitempty" doc:"Added per unit, minor units; may be negative"`
	Removal     bool   `json:"removal,omitempty" yaml:"removal,omitempty" doc:"It takes something away: NO ONION"`
	// Stations send a line with this modifier elsewhere, AlsoAt to further stations: raw → cold, with fries → fry too.
	Stations  []string   `json:"stations,omitempty" yaml:"stations,omitempty" doc:"Where a line with it is made instead"`
	AlsoAt    []string   `json:"also_at,omitempty" yaml:"also_at,omitempty" doc:"Where a line with it is made as well"`
	Allergens []Allergen `json:"allergens,omitempty" yaml:"allergens,omitempty"`
}

// Allergen is one of the fourteen of Annex II, Regulation (EU) 1169/2011.
type Allergen string

// Allergens lists the fourteen in the Annex's order.
var allergens = [...]Allergen{
	"gluten", "crustaceans", "eggs", "fish", "peanuts", "soybeans", "milk", "nuts", "celery", "mustard", "sesame",
	"sulphites", "lupin", "molluscs",
}

// Allergens lists the fourteen allergens in the order of Annex II.
func Allergens() []Allergen { return append([]Allergen(nil), allergens[:]...) }

// Diet is a mark on an item.
type Diet string

// The diet marks.
const (
	Vegetarian Diet = "vegetarian"
	Vegan      Diet = "vegan"
	Halal      Diet = "halal"
	Kosher     Diet = "kosher"
)

// Window is a weekly time in which something can be ordered. A window whose To is not after its From ends on the
// next day (18:00–02:00).
type Window struct {
	Days []Weekday `json:"days,omitempty" yaml:"days,omitempty" doc:"None is every day"`
	From string    `json:"from" yaml:"from" example:"11:30"`
	To   string    `json:"to" yaml:"to" example:"14:00"`
}

// Weekday is a day of the week: "mon" … "sun".
type Weekday string
