package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// Bench is the device's own reader as a place where tags are set up.
type Bench interface {
	// TagKeys gives the check value of the house's master key, which it makes at the first use. Its errors are sentences
	// for the owner.
	TagKeys() (check string, err error)
	// Provision is how the walk from table to table is doing. Whoever asks keeps the walk alive.
	Provision() Provision
	// StartProvision begins a walk; there is one at a time.
	StartProvision(ctx context.Context, actor edge.Actor, order ProvisionOrder) error
	// PressProvision hands a press to the walk.
	PressProvision(press ProvisionPress) error
}

var errNoBench = edge.Refuse(edge.KindUnavailable, "no_reader", "No tag reader works at the moment.")

// ProvisionOrder says which tables get tags.
type ProvisionOrder struct {
	Tables []edge.ID `json:"tables" minItems:"1" maxItems:"1000" doc:"In the order in which they are walked through"`
	// Again sets up tables, too, that have a tag.
	Again       bool `json:"again,omitempty" doc:"Also tables that have a tag; the new one takes its place"`
	Unprotected bool `json:"unprotected,omitempty" doc:"Accept tags that cannot be protected"`
	Copies      bool `json:"copies,omitempty" doc:"Accept chips without their maker's signature"`
}

// ProvisionPress is what somebody wants of a walk.
type ProvisionPress string

// The presses. Yes and no answer the question whether a tag may be taken from its table.
const (
	PressSkip ProvisionPress = "skip"
	PressBack ProvisionPress = "back"
	PressYes  ProvisionPress = "yes"
	PressNo   ProvisionPress = "no"
	PressStop ProvisionPress = "stop"
)

// ProvisionPhase is what a walk is doing.
type ProvisionPhase string

// The phases. A walk is idle before the first and after it was dismissed.
const (
	PhaseIdle    ProvisionPhase = "idle"
	PhaseWaiting ProvisionPhase = "waiting" // for a tag
	PhaseWorking ProvisionPhase = "working" // on a tag, which must stay
	PhaseAsking  ProvisionPhase = "asking"  // whether the tag may be taken from its table
	PhaseEnded   ProvisionPhase = "ended"
)

// Provision is a walk from table to table.
type Provision struct {
	Phase   ProvisionPhase  `json:"phase" enum:"idle,waiting,working,asking,ended"`
	Current int             `json:"current" doc:"The index of the item at hand"`
	Items   []ProvisionItem `json:"items"`
	Trouble *TagTrouble     `json:"trouble,omitempty" doc:"What went wrong with the last tag"`
	Asked   string          `json:"asked,omitempty" doc:"While asking: the UID of the tag that belongs to another table"`
	Reader  string          `json:"reader,omitempty" doc:"What keeps the reader from working, in words"`
	Ready   bool            `json:"ready" doc:"A reader is connected and works"`
	Since   time.Time       `json:"since,omitzero"`
}

// ProvisionItem is one table of a walk.
type ProvisionItem struct {
	TableID   edge.ID       `json:"table_id"`
	Table     string        `json:"table"`
	State     ProvisionStep `json:"state" enum:"open,done,skipped"`
	UID       string        `json:"uid,omitempty"`
	Chip      string        `json:"chip,omitempty"`
	Protected bool          `json:"protected,omitempty"`
}

// ProvisionStep is how far a table is.
type ProvisionStep string

// The steps of a table.
const (
	StepOpen    ProvisionStep = "open"
	StepDone    ProvisionStep = "done"
	StepSkipped ProvisionStep = "skipped"
)

// TagTrouble is what went wrong with a tag at a reader.
type TagTrouble struct {
	Code   string `json:"code" doc:"Stable, for words in other languages"`
	Text   string `json:"text" doc:"What happened, in English"`
	Advice string `json:"advice" doc:"What to do, in English"`
}

func (h *Handler) provisionRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/provision", id: "provision", who: anOwner,
		summary: "How setting up the tags of tables at the device's reader is doing; asking keeps it alive",
	}, h.provision)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/provision", id: "start-provision", who: anOwner, status: http.StatusCreated,
		summary: "Set up the tags of tables at the device's reader, one after the other",
	}, h.startProvision)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/provision/press", id: "press-provision", who: anOwner,
		summary: "Skip a table, go back, answer a question, or stop",
	}, h.pressProvision)
}

func (h *Handler) provision(context.Context, *none) (*answer[Provision], error) {
	if h.cfg.Bench == nil {
		return nil, errNoBench
	}
	return &answer[Provision]{h.cfg.Bench.Provision()}, nil
}

func (h *Handler) startProvision(ctx context.Context, in *request[ProvisionOrder]) (*answer[Provision], error) {
	if h.cfg.Bench == nil {
		return nil, errNoBench
	}
	if err := h.cfg.Bench.StartProvision(ctx, actorOf(ctx), in.Body); err != nil {
		return nil, err
	}
	return h.provision(ctx, nil)
}

// PressBody is a press.
type PressBody struct {
	Press ProvisionPress `json:"press" enum:"skip,back,yes,no,stop"`
}

func (h *Handler) pressProvision(ctx context.Context, in *request[PressBody]) (*answer[Provision], error) {
	if h.cfg.Bench == nil {
		return nil, errNoBench
	}
	if err := h.cfg.Bench.PressProvision(in.Body.Press); err != nil {
		return nil, err
	}
	return h.provision(ctx, nil)
}
