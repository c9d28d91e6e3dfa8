package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// caller says who may use an operation.
type caller uint8

const (
	anyone caller = iota
	aGuest
	aDisplay // or the owner
	anOwner
)

// maxBody and maxMenuBody bound request bodies.
const (
	maxBody     = 64 << 10
	maxMenuBody = 4 << 20
)

// route is the part of an operation that differs from the others.
type route struct {
	method, path, id, summary string
	who                       caller
	body                      int64 // limit, 0 for maxBody
	status                    int   // 0 for 200, or 204 without a body
}

// add registers an operation: who may use it, how errors leave, what the document says.
func add[I, O any](h *Handler, api huma.API, r route, handle func(context.Context, *I) (*O, error)) {
	op := h.operation(api, r)
	huma.Register(api, *op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, h.refusal(ctx, err)
		}
		return out, nil
	})
}

func (h *Handler) operation(api huma.API, r route) *huma.Operation {
	if r.body == 0 {
		r.body = maxBody
	}
	op := &huma.Operation{
		Method: r.method, Path: r.path, OperationID: r.id, Summary: r.summary, Tags: []string{tagOf(r.path)},
		DefaultStatus: r.status, MaxBodyBytes: r.body,
		Responses: map[string]*huma.Response{"default": problemResponse(api.OpenAPI())},
	}
	switch r.who {
	case aGuest:
		op.Security = []map[string][]string{{"guest": {}}}
	case aDisplay, anOwner:
		op.Security = []map[string][]string{{"device": {}}}
	case anyone:
	}
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		if p := h.allow(ctx, r.who); p != nil {
			writeHuma(ctx, p)
			return
		}
		h.authenticate(ctx, r.who, next)
	}}
	return op
}

func tagOf(path string) string {
	tag, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/"), "/")
	return tag
}

type (
	guestKey  struct{}
	deviceKey struct{}
	actorKey  struct{}
)

// authenticate lets the request through with the guest or device whose key it carries.
func (h *Handler) authenticate(ctx huma.Context, who caller, next func(huma.Context)) {
	switch who {
	case aGuest:
		guest, err := h.guest(ctx.Context(), ctx.Header("Authorization"))
		if err != nil {
			writeHuma(ctx, h.refusal(ctx.Context(), err))
			return
		}
		next(huma.WithValue(ctx, guestKey{}, guest))
	case aDisplay, anOwner:
		device, err := h.device(ctx.Context(), ctx.Header("Authorization"), who)
		if err != nil {
			writeHuma(ctx, h.refusal(ctx.Context(), err))
			return
		}
		actor := h.venue.Staff.ActorAt(device, h.cfg.Clock().At)
		next(huma.WithValue(huma.WithValue(ctx, deviceKey{}, device), actorKey{}, actor))
	case anyone:
		next(ctx)
	}
}

func guestOf(ctx context.Context) edge.Guest {
	guest, _ := ctx.Value(guestKey{}).(edge.Guest)
	return guest
}

func deviceOf(ctx context.Context) edge.Device {
	device, _ := ctx.Value(deviceKey{}).(edge.Device)
	return device
}

// actorOf is who acts at the screen that asks: the person who is signed in there, else the screen.
func actorOf(ctx context.Context) edge.Actor {
	actor, _ := ctx.Value(actorKey{}).(edge.Actor)
	return actor
}

// bearer is the key in an Authorization header, "" for none.
func bearer(header string) string {
	const scheme = "bearer "
	if len(header) > len(scheme) && strings.EqualFold(header[:len(scheme)], scheme) {
		return header[len(scheme):]
	}
	return ""
}

// writeHuma answers with a problem from within huma.
func writeHuma(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", "application/problem+json")
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetStatus(p.Status)
	encodeTo(ctx.BodyWriter(), p)
}

// writeProblem answers with a problem outside of huma.
func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	for name, values := range p.GetHeaders() {
		w.Header().Set(name, values[0])
	}
	w.WriteHeader(p.Status)
	encodeTo(w, p)
}
