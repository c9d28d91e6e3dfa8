package api

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// DisplayCode is what a display shows.
type DisplayCode struct {
	Now           time.Time     `json:"now"`
	Venue         DisplayVenue  `json:"venue"`
	Table         *TableName    `json:"table,omitempty" doc:"None: the display belongs to no table yet"`
	URL           string        `json:"url"`
	Code          string        `json:"code"`
	Expires       time.Time     `json:"expires" doc:"When the code stops working"`
	Next          time.Time     `json:"next" doc:"When the next code is shown"`
	PeriodSeconds int           `json:"period_seconds"`
	SVG           DisplaySVG    `json:"svg"`
	Flash         *DisplayFlash `json:"flash,omitempty"`
}

// DisplayVenue is the house as a display shows it.
type DisplayVenue struct {
	Name      string   `json:"name"`
	Languages []string `json:"languages"`
}

// DisplaySVG is a QR code as the path of an SVG whose view box is size by size.
type DisplaySVG struct {
	Size int    `json:"size"`
	Path string `json:"path"`
}

// DisplayFlash is a short answer to a tap at the reader.
type DisplayFlash struct {
	Kind    string    `json:"kind" doc:"ok, unknown, error, badge, noBadge"`
	TextKey string    `json:"text_key"`
	Table   string    `json:"table,omitempty"`
	Until   time.Time `json:"until"`
}

// DisplayShow is a display's message: the same as the code's answer.
type DisplayShow struct {
	Type string `json:"type" enum:"show"`
	Seq  int64  `json:"seq"`
	DisplayCode
}

// PairBody redeems a pairing code.
type PairBody struct {
	Code string `json:"code" minLength:"6" maxLength:"6" pattern:"^[0-9]{6}$"`
	Name string `json:"name" minLength:"1" maxLength:"60" doc:"What the device is to be called"`
}

// PairAnswer is the device's key, shown this once.
type PairAnswer struct {
	Key    string      `json:"key"`
	Device edge.Device `json:"device"`
}
