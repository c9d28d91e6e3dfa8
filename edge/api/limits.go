package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

// limits bounds how often anybody may ask. Whole houses share one address behind some routers, so the bounds per
// address are wide: at five guesses a second, the codes of fifty displays would hold out for decades on average.
type limits struct {
	seats    *access.Limiter // looking up words of codes, per address
	menus    *access.Limiter // per address
	orders   *access.Limiter // per guest
	tables   *access.Limiter // orders per session
	pairings *access.Limiter // per address
	asks     *access.Limiter // other requests of a guest or device
}

// rememberedKeys bounds the memory of each limiter.
const rememberedKeys = 4096

func newLimits(clock edge.Clock) limits {
	now := func() time.Time { return clock().At }
	return limits{
		seats:    access.NewLimiter(200*time.Millisecond, 120, rememberedKeys, now),
		menus:    access.NewLimiter(20*time.Millisecond, 300, rememberedKeys, now),
		orders:   access.NewLimiter(2*time.Second, 10, rememberedKeys, now),
		tables:   access.NewLimiter(time.Second, 30, rememberedKeys, now),
		pairings: access.NewLimiter(3*time.Second, 5, rememberedKeys, now),
		asks:     access.NewLimiter(50*time.Millisecond, 100, rememberedKeys, now),
	}
}

func tooMany(code, text string, seconds int) *Problem {
	p := problem(http.StatusTooManyRequests, code, "%s", text)
	p.retryAfter = seconds
	return p
}

// allow bounds what anybody may ask without a credential.
func (h *Handler) allow(ctx huma.Context, who caller) *Problem {
	if who != anyone {
		return nil
	}
	limiter := h.limits.seats
	if ctx.Operation().OperationID == "pair" {
		limiter = h.limits.pairings
	}
	if !limiter.Allow(addressOf(ctx.RemoteAddr())) {
		return tooMany("too_often", "Too many requests. Please wait a moment.", retryTooMany)
	}
	return nil
}

// order takes a turn of the guest's and of the table's.
func (l *limits) order(guest edge.Guest) *Problem {
	if !l.orders.Allow(string(guest.ID)) || !l.tables.Allow(string(guest.Session)) {
		return tooMany("too_often", "That was very fast. Please wait a moment before the next order.", retryTooMany)
	}
	return nil
}

// addressOf is the address without the port.
func addressOf(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

// guest finds the guest whose key the Authorization header carries.
func (h *Handler) guest(ctx context.Context, header string) (edge.Guest, error) {
	guest, err := h.keys.Guest(ctx, bearer(header))
	if errors.Is(err, edge.ErrNotFound) {
		return edge.Guest{}, problem(http.StatusUnauthorized, "key_unknown",
			"This key is not known. Please scan the code at your table again.")
	}
	if err != nil {
		return edge.Guest{}, err
	}
	if !h.limits.asks.Allow(string(guest.ID)) {
		return edge.Guest{}, tooMany("too_often", "Too many requests. Please wait a moment.", 1)
	}
	return guest, nil
}

// device finds the paired device whose key the Authorization header carries, if its role may do what it asks.
func (h *Handler) device(ctx context.Context, header string, who caller) (edge.Device, error) {
	device, err := h.keys.Device(ctx, bearer(header))
	if errors.Is(err, edge.ErrNotFound) {
		return edge.Device{}, problem(http.StatusUnauthorized, "key_unknown",
			"This device is not paired. Please pair it again.")
	}
	if err != nil {
		return edge.Device{}, err
	}
	if device.Role != edge.RoleOwner && (who != aDisplay || device.Role != edge.RoleDisplay) {
		return edge.Device{}, problem(http.StatusForbidden, "role", "This device may not do that.")
	}
	return device, nil
}
