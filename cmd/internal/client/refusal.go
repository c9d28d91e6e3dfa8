package client

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Refusal is a device's answer that says no (RFC 9457). It matches the sentinel of package edge that fits its
// status. Code is empty when the answer did not come from a device: a proxy's, for example.
type Refusal struct {
	api.Problem
	// RetryAfter is how long the device asks to wait before trying again, 0 when it says nothing.
	RetryAfter time.Duration
}

// Error implements error.
func (r *Refusal) Error() string {
	if r.Code == "" {
		return "answered " + strconv.Itoa(r.Status) + ": " + r.Detail
	}
	return r.Code + ": " + r.Detail
}

// Is reports whether target is the sentinel of package edge for the refusal's status.
func (r *Refusal) Is(target error) bool {
	switch r.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return target == edge.ErrInvalid
	case http.StatusNotFound:
		return target == edge.ErrNotFound
	case http.StatusConflict:
		return target == edge.ErrConflict
	case http.StatusGone:
		return target == edge.ErrClosed
	case http.StatusUnauthorized, http.StatusForbidden:
		return target == edge.ErrDenied
	case http.StatusServiceUnavailable:
		return target == edge.ErrUnavailable
	case http.StatusTooManyRequests:
		return target == edge.ErrTooMany
	default:
		return false
	}
}

// CodeOf is the code of the refusal in err's chain, "" when there is none.
func CodeOf(err error) string {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Code
	}
	return ""
}

// detailLimit bounds what is shown of an answer that is not a device's.
const detailLimit = 200

func refusalOf(status int, header http.Header, raw []byte) *Refusal {
	r := &Refusal{}
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if kind != "application/problem+json" || json.Unmarshal(raw, &r.Problem) != nil {
		text := strings.ToValidUTF8(string(raw[:min(len(raw), detailLimit)]), "")
		r.Problem = api.Problem{Title: http.StatusText(status), Detail: strings.TrimSpace(text)}
	}
	r.Status = status
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && seconds > 0 {
		r.RetryAfter = time.Duration(seconds) * time.Second
	}
	return r
}
