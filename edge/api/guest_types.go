package api

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// SeatBody is a guest's arrival.
type SeatBody struct {
	Token            string `json:"token" maxLength:"64" doc:"The word of the tag or code"`
	Language         string `json:"language,omitempty" maxLength:"35" doc:"BCP 47; what the phone is set to"`
	Attempt          string `json:"attempt,omitempty" maxLength:"64" doc:"Made when the page opens and kept when it asks again"`
	TelegramInitData string `json:"telegram_init_data,omitempty" maxLength:"8192" doc:"As Telegram hands it to a mini app"`
}

// SeatAnswer is where the guest sits. The key is there only when it was newly made; the guest keeps it.
type SeatAnswer struct {
	GuestKey string    `json:"guest_key,omitempty"`
	View     GuestView `json:"view"`
}

// LanguageBody is a wish for another language.
type LanguageBody struct {
	Language string `json:"language" maxLength:"35"`
}

// HelpBody is what a guest asks for besides food.
type HelpBody struct {
	What edge.HelpKind `json:"what"`
}

// OrderBody is an order as the guest's page sends it. The key is made when the guest opens the review page and
// stays the same however often the order is sent.
type OrderBody struct {
	Key         string             `json:"key" minLength:"8" maxLength:"64"`
	MenuVersion int64              `json:"menu_version"`
	Lines       []edge.LineRequest `json:"lines"`
	Note        string             `json:"note,omitempty"`
	Allergies   []edge.Allergen    `json:"allergies,omitempty"`
	AllergyNote string             `json:"allergy_note,omitempty"`
	Dining      edge.DiningOption  `json:"dining,omitempty"`
}

// QuoteBody is what a guest may order: how long would it take?
type QuoteBody struct {
	Items []string `json:"items" maxItems:"100" doc:"Ids of items"`
}

// GuestQuote is how long it would take now, as a range.
type GuestQuote struct {
	From int `json:"from_seconds"`
	To   int `json:"to_seconds"`
}

// GuestMenu is the menu as guests see it now.
type GuestMenu struct {
	Menu   edge.Menu    `json:"menu" doc:"Without hidden items"`
	Stock  []edge.Stock `json:"stock" doc:"What is not available without limit"`
	Closed []string     `json:"closed" doc:"Ids of items and categories that cannot be ordered at this hour"`
}

// GuestView is everything a guest's page shows besides the menu.
type GuestView struct {
	Now         time.Time       `json:"now"`
	Venue       GuestVenue      `json:"venue"`
	Table       TableName       `json:"table"`
	Session     GuestSession    `json:"session"`
	Guest       GuestSelf       `json:"guest"`
	Permission  edge.Permission `json:"permission"`
	Orders      []GuestOrder    `json:"orders" doc:"The whole table's, oldest first"`
	Bill        GuestBill       `json:"bill"`
	Links       []Link          `json:"links" doc:"Messengers in which the guest can go on"`
	MenuVersion int64           `json:"menu_version"`
	Pace        edge.Pace       `json:"pace" doc:"Whether the kitchen takes orders from here now"`
}

// GuestVenue is the house as a guest sees it.
type GuestVenue struct {
	Name      string   `json:"name"`
	Currency  string   `json:"currency"`
	Languages []string `json:"languages"`
}

// TableName names a place.
type TableName struct {
	ID   edge.ID        `json:"id"`
	Name string         `json:"name"`
	Kind edge.TableKind `json:"kind"`
}

// GuestSession is the visit of everybody at the table.
type GuestSession struct {
	ID     edge.ID           `json:"id"`
	State  edge.SessionState `json:"state"`
	Opened time.Time         `json:"opened"`
	Rounds int               `json:"rounds"`
	Locked bool              `json:"locked"`
	Help   []edge.HelpKind   `json:"help" doc:"What was asked for and nobody has brought yet"`
}

// GuestSelf is the guest who looks.
type GuestSelf struct {
	ID       edge.ID       `json:"id"`
	Number   int           `json:"number"`
	Language string        `json:"language"`
	Presence edge.Presence `json:"presence"`
	Fresh    bool          `json:"fresh" doc:"Whether the presence still counts; if not, a new scan is needed to order"`
	Channel  string        `json:"channel,omitempty"`
}

// GuestOrder is an order of the table as guests see it.
type GuestOrder struct {
	ID          edge.ID         `json:"id"`
	Number      string          `json:"number"`
	Round       int             `json:"round"`
	Mine        bool            `json:"mine"`
	GuestNumber int             `json:"guest_number"`
	State       edge.OrderState `json:"state"`
	Lines       []GuestLine     `json:"lines"`
	Note        string          `json:"note,omitempty" doc:"Only on the guest's own orders"`
	Totals      edge.Totals     `json:"totals"`
	Placed      time.Time       `json:"placed"`
	Accepted    time.Time       `json:"accepted,omitzero"`
	Started     time.Time       `json:"started,omitzero"`
	Ready       time.Time       `json:"ready,omitzero"`
	Ended       time.Time       `json:"ended,omitzero"`
	Reason      string          `json:"reason,omitempty"`
	Expected    *edge.Expected  `json:"expected,omitempty" doc:"When it may be ready, while the kitchen has it"`
	Delayed     time.Time       `json:"delayed,omitzero" doc:"Since when it is known to take longer than expected"`
	Held        []int           `json:"held_courses,omitempty" doc:"Courses that have not been fired yet"`
	MayCall     bool            `json:"may_call,omitempty" doc:"The guest may call the next course now"`
}

// GuestLine is a dish of an order in the guest's language.
type GuestLine struct {
	Item        string          `json:"item"`
	Name        string          `json:"name"`
	VariantName string          `json:"variant_name,omitempty"`
	Quantity    int             `json:"quantity"`
	Cancelled   int             `json:"cancelled,omitempty"`
	Unit        int64           `json:"unit" doc:"Minor units"`
	Gross       int64           `json:"gross" doc:"Minor units"`
	Modifiers   []GuestModifier `json:"modifiers,omitempty"`
	Note        string          `json:"note,omitempty" doc:"Only on the guest's own orders"`
}

// GuestModifier is a change to a dish in the guest's language.
type GuestModifier struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Price    int64  `json:"price" doc:"What all of it adds to one unit, minor units"`
	Removal  bool   `json:"removal,omitempty"`
}

// GuestBill is what the table has come to so far.
type GuestBill struct {
	Totals edge.Totals `json:"totals"`
	Paid   int64       `json:"paid" doc:"Minor units"`
	Due    int64       `json:"due" doc:"Minor units"`
}

// Link is a way into a messenger.
type Link struct {
	Channel string `json:"channel"`
	Label   string `json:"label"`
	URL     string `json:"url"`
}

// Hello is the first message of a client on every socket; without it within seconds the socket is closed.
type Hello struct {
	Type  string `json:"type" enum:"hello"`
	Token string `json:"token" doc:"The key of the guest or device"`
}

// Tick says that the line is alive. It comes at least every two seconds.
type Tick struct {
	Type string    `json:"type" enum:"tick"`
	Now  time.Time `json:"now"`
	Seq  int64     `json:"seq"`
}

// GuestViewMessage is sent at the start and whenever something of the table changed.
type GuestViewMessage struct {
	Type string    `json:"type" enum:"view"`
	Seq  int64     `json:"seq"`
	View GuestView `json:"view"`
}

// GuestStockMessage is sent when something was sold out or is there again, or a new menu was published.
type GuestStockMessage struct {
	Type        string       `json:"type" enum:"stock"`
	Seq         int64        `json:"seq"`
	Stock       []edge.Stock `json:"stock" doc:"All of it, as in the menu"`
	MenuVersion int64        `json:"menu_version"`
}
