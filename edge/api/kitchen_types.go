package api

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// KitchenHello is a screen's first message.
type KitchenHello struct {
	Type     string   `json:"type" enum:"hello"`
	Token    string   `json:"token" doc:"The device's key"`
	Stations []string `json:"stations,omitempty" doc:"What to show; none is what the device was paired for"`
	Expo     bool     `json:"expo,omitempty" doc:"Where orders come together: hear of every order that is not over"`
	Watch    bool     `json:"watch,omitempty" doc:"A program that only listens: it does not count as a screen of its stations"`
	Since    int64    `json:"since,omitempty" doc:"The newest seq the screen has seen"`
	Epoch    string   `json:"epoch,omitempty" doc:"The epoch of the snapshot that since belongs to"`
}

// KitchenVenue is the house as a screen shows it.
type KitchenVenue struct {
	Name     string    `json:"name"`
	Language string    `json:"language"`
	Currency string    `json:"currency"`
	DayEnds  time.Time `json:"day_ends" doc:"When this business day ends"`
	Courses  bool      `json:"courses" doc:"The house sends courses one after the other"`
}

// KitchenItem is something on the menu that can be marked sold out.
type KitchenItem struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Variants []KitchenVariant `json:"variants,omitempty"`
	Category string           `json:"category"`
}

// KitchenVariant is a version of an item.
type KitchenVariant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// KitchenSnapshot is everything a screen shows, exact at seq.
type KitchenSnapshot struct {
	Type     string              `json:"type" enum:"snapshot"`
	Seq      int64               `json:"seq"`
	Epoch    string              `json:"epoch" doc:"Changes when the device starts; sent back in hello with since"`
	Now      time.Time           `json:"now"`
	Venue    KitchenVenue        `json:"venue"`
	Device   edge.Device         `json:"device"`
	Stations []edge.Station      `json:"stations"`
	Tickets  []edge.Ticket       `json:"tickets" doc:"Open ones, oldest first"`
	Done     []edge.Ticket       `json:"done" doc:"The last fifty done, newest first, for recall"`
	Orders   []live.KitchenOrder `json:"orders" doc:"Waiting for staff or ready to serve"`
	Stock    []edge.Stock        `json:"stock"`
	Items    []KitchenItem       `json:"items"`
	Channels []string            `json:"channels" doc:"Where orders can come from"`
	Paces    []edge.Pace         `json:"paces" doc:"Channels that are slowed down or paused"`
}

// KitchenChanges is what a screen missed after from.
type KitchenChanges struct {
	Type    string              `json:"type" enum:"changes"`
	From    int64               `json:"from"`
	Seq     int64               `json:"seq"`
	Epoch   string              `json:"epoch"`
	Now     time.Time           `json:"now"`
	Tickets []edge.Ticket       `json:"tickets"`
	Orders  []live.KitchenOrder `json:"orders"`
	Stock   []edge.Stock        `json:"stock"`
	Paces   []edge.Pace         `json:"paces,omitempty"`
	Menu    bool                `json:"menu,omitempty" doc:"A new menu is out; a message of type menu follows"`
}

// KitchenMenu replaces the stations and items of the snapshot.
type KitchenMenu struct {
	Type     string         `json:"type" enum:"menu"`
	Seq      int64          `json:"seq"`
	Stations []edge.Station `json:"stations"`
	Items    []KitchenItem  `json:"items"`
}

// KitchenPress is work on a ticket. The key is made once per press and repeated with it.
type KitchenPress struct {
	Type   string  `json:"type" enum:"start,bump,recall"`
	Key    string  `json:"key"`
	Ticket edge.ID `json:"ticket"`
	Item   *int    `json:"item,omitempty" doc:"Index into the ticket's items; none is the whole ticket"`
	Count  *int    `json:"count,omitempty" doc:"For bump with item: how many of it are done; none is all"`
	Undo   bool    `json:"undo,omitempty"`
}

// KitchenRemake asks for some of an item again, on the fly.
type KitchenRemake struct {
	Type   string  `json:"type" enum:"remake"`
	Key    string  `json:"key"`
	Ticket edge.ID `json:"ticket"`
	Item   int     `json:"item" doc:"Index into the ticket's items"`
	Count  int     `json:"count,omitempty" doc:"None is 1"`
	Reason string  `json:"reason"`
}

// KitchenOrderPress is work on a ticket or on an order, all of it or one course: one of ticket and order is given. accept
// is about an order that waits for staff.
type KitchenOrderPress struct {
	Type   string  `json:"type" enum:"accept,fire,hold,rush,collect,serve"`
	Key    string  `json:"key"`
	Ticket edge.ID `json:"ticket,omitempty"`
	Order  edge.ID `json:"order,omitempty"`
	Course *int    `json:"course,omitempty" doc:"With order: only this course; fire without it is the next one"`
	Undo   bool    `json:"undo,omitempty"`
}

// KitchenPace slows a channel down, pauses it or opens it again.
type KitchenPace struct {
	Type string    `json:"type" enum:"pace"`
	Key  string    `json:"key"`
	Pace edge.Pace `json:"pace"`
}

// KitchenFind looks for tickets of the business day that are done or served.
type KitchenFind struct {
	Type string `json:"type" enum:"find"`
	Key  string `json:"key"`
	Text string `json:"text" doc:"Of a number, table or dish; none is everything"`
}

// KitchenFound answers find.
type KitchenFound struct {
	Type    string        `json:"type" enum:"found"`
	Key     string        `json:"key"`
	Tickets []edge.Ticket `json:"tickets" doc:"At most fifty, newest first"`
}

// KitchenLoad is how long guests are told to wait and how the stations stand. It comes after the opening and whenever it
// has changed, at most every few seconds.
type KitchenLoad struct {
	Type     string        `json:"type" enum:"load"`
	Now      time.Time     `json:"now"`
	DayEnds  time.Time     `json:"day_ends,omitzero" doc:"When this business day ends"`
	Quote    GuestQuote    `json:"quote" doc:"What a guest who orders a usual dish is told now"`
	Stations []StationLoad `json:"stations"`
}

// StationLoad is how a station stands.
type StationLoad struct {
	ID      string     `json:"id"`
	Screens int        `json:"screens" doc:"Connected screens that show it"`
	Open    int        `json:"open"`
	Held    int        `json:"held"`
	Late    int        `json:"late"`
	Unseen  int        `json:"unseen" doc:"Tickets no live screen shows"`
	Quote   GuestQuote `json:"quote" doc:"How long a usual dish takes now"`
}

// KitchenReject sends an order back that waits for staff.
type KitchenReject struct {
	Type   string  `json:"type" enum:"reject"`
	Key    string  `json:"key"`
	Order  edge.ID `json:"order"`
	Reason string  `json:"reason"`
}

// KitchenStock marks something sold out, or there again.
type KitchenStock struct {
	Type  string     `json:"type" enum:"stock"`
	Key   string     `json:"key"`
	Stock edge.Stock `json:"stock"`
}

// KitchenSeen says that tickets have been on the screen.
type KitchenSeen struct {
	Type    string    `json:"type" enum:"seen"`
	Tickets []edge.ID `json:"tickets"`
}

// KitchenDone answers a press that was carried out, or had been before.
type KitchenDone struct {
	Type string `json:"type" enum:"done"`
	Key  string `json:"key"`
	Seq  int64  `json:"seq"`
}

// KitchenRefused answers a press that was not carried out.
type KitchenRefused struct {
	Type    string `json:"type" enum:"refused"`
	Key     string `json:"key"`
	Code    string `json:"code"`
	Message string `json:"message"`
}
