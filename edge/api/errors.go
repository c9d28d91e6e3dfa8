package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

// problemType is where the codes of problems are described; the code is appended.
const problemType = "https://github.com/comanda-pos/comanda/problems/"

// Problem is a refusal on the wire (RFC 9457). Code is for programs and never changes its meaning.
type Problem struct {
	Type        string            `json:"type" format:"uri"`
	Title       string            `json:"title"`
	Status      int               `json:"status"`
	Detail      string            `json:"detail"`
	Code        string            `json:"code"`
	Field       string            `json:"field,omitempty" doc:"The part of the request at fault"`
	Differences []edge.Difference `json:"differences,omitempty" doc:"For code differences: what to confirm"`

	retryAfter int // seconds, 0 for none
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

func problem(status int, code, format string, args ...any) *Problem {
	return &Problem{
		Type: problemType + code, Title: http.StatusText(status), Status: status,
		Detail: fmt.Sprintf(format, args...), Code: code,
	}
}

// Seconds after which to ask again.
const (
	retryUnavailable = 2
	retryTooMany     = 5
)

// statusOf is the one place where refusals become HTTP statuses.
func statusOf(kind edge.Kind) (status, retryAfter int) {
	switch kind {
	case edge.KindInvalid:
		return http.StatusUnprocessableEntity, 0
	case edge.KindNotFound:
		return http.StatusNotFound, 0
	case edge.KindConflict:
		return http.StatusConflict, 0
	case edge.KindClosed:
		return http.StatusGone, 0
	case edge.KindDenied:
		return http.StatusForbidden, 0
	case edge.KindUnavailable:
		return http.StatusServiceUnavailable, retryUnavailable
	case edge.KindTooMany:
		return http.StatusTooManyRequests, retryTooMany
	default:
		return http.StatusInternalServerError, 0
	}
}

// refusal turns any error into a problem. What is not a named refusal is our fault: it is logged here and told
// without its words.
func (h *Handler) refusal(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if e, ok := errors.AsType[*edge.Error](err); ok {
		status, retry := statusOf(e.Kind)
		p := problem(status, e.Code, "%s", e.Message)
		p.Field, p.Differences, p.retryAfter = e.Field, e.Differences, retry
		return p
	}
	if errors.Is(err, edge.ErrNotFound) {
		return problem(http.StatusNotFound, "not_found", "There is no such thing here.")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		p := problem(http.StatusServiceUnavailable, "timeout", "It took too long. Please try again.")
		p.retryAfter = retryUnavailable
		return p
	}
	h.logger.ErrorContext(ctx, "request went wrong", slog.Any("error", err))
	return problem(http.StatusInternalServerError, "internal", "Something went wrong on our side. Please try again.")
}

// codeOf names the problems that huma itself finds.
func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "malformed"
	case http.StatusRequestTimeout:
		return "too_slow"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusNotAcceptable:
		return "not_acceptable"
	default:
		return "internal"
	}
}

// asProblem is a huma transformer: huma's own errors leave as our problems.
func asProblem(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := problem(model.Status, codeOf(model.Status), "%s", model.Detail)
	if len(model.Errors) > 0 && model.Errors[0] != nil {
		p.Detail, p.Field = model.Errors[0].Message, trimBody(model.Errors[0].Location)
	}
	return p, nil
}

func trimBody(location string) string {
	const prefix = "body."
	if len(location) > len(prefix) && location[:len(prefix)] == prefix {
		return location[len(prefix):]
	}
	return location
}

func problemResponse(doc *huma.OpenAPI) *huma.Response {
	return &huma.Response{Description: "A refusal", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: doc.Components.Schemas.Schema(of[Problem](), true, "")},
	}}
}
