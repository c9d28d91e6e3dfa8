package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/live"
)

// enum stands for T, a string type of the core, in the API's schemas, where it lists the values T can have.
type enum[T ~string] string

// Schema implements huma.SchemaProvider.
func (enum[T]) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: valuesOf[T]()}
}

func list[T ~string](values ...T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// valuesOf lists the values of the core's string types. A type that is missing here is a mistake of ours that the
// generator's test finds.
func valuesOf[T ~string]() []any {
	var zero T
	switch any(zero).(type) {
	case edge.OrderState:
		return list(edge.OrderStateReceived, edge.OrderStateAccepted, edge.OrderStatePreparing, edge.OrderStateReady,
			edge.OrderStateCompleted, edge.OrderStateRejected, edge.OrderStateCancelled)
	case edge.SessionState:
		return list(edge.SessionOpen, edge.SessionBill, edge.SessionStateClosed, edge.SessionAbandoned)
	case edge.TicketState:
		return list(edge.TicketStateHeld, edge.TicketStateNew, edge.TicketStateStarted, edge.TicketStateDone,
			edge.TicketStateServed, edge.TicketStateVoided)
	case edge.PaceState:
		return list(edge.PaceOpen, edge.PaceSlow, edge.PacePaused)
	case edge.TicketKind:
		return list(edge.TicketFood, edge.TicketCancellation)
	case edge.TableKind:
		return list(edge.KindTable, edge.KindCounter)
	case edge.Presence:
		return list(edge.PresencePrinted, edge.PresenceRecent, edge.PresenceProven)
	case edge.Permission:
		return list(edge.MayRead, edge.MayAsk, edge.MayOrder)
	case edge.DiningOption:
		return list(edge.EatIn, edge.TakeAway)
	case edge.DifferenceKind:
		return list(edge.DifferencePrice, edge.DifferenceSoldOut, edge.DifferenceFewLeft, edge.DifferenceGone,
			edge.DifferenceOptions, edge.DifferenceClosed)
	case edge.HelpKind:
		return list(edge.HelpStaff, edge.HelpWater, edge.HelpCutlery, edge.HelpBill)
	case edge.TenderKind:
		return list(edge.TenderCash, edge.TenderCard)
	case edge.Role:
		return list(edge.RoleKitchen, edge.RoleDisplay, edge.RoleOwner)
	case edge.StaffRole:
		return list(
			edge.StaffOwner, edge.StaffManager, edge.StaffCashier, edge.StaffWaiter, edge.StaffKitchen, edge.StaffExpo,
			edge.StaffRunner, edge.StaffSupport,
		)
	case edge.BadgeKind:
		return list(edge.BadgeStaff, edge.BadgeRoom)
	case edge.BadgeState:
		return list(edge.BadgeActive, edge.BadgeLost, edge.BadgeRetired)
	case edge.Guarded:
		return list(edge.GuardCancel)
	case edge.ApprovalState:
		return list(
			edge.ApprovalWaiting, edge.ApprovalApproved, edge.ApprovalExpired, edge.ApprovalWithdrawn, edge.ApprovalFailed,
		)
	case edge.Medium:
		return list(edge.MediumQR, edge.MediumNFC)
	case edge.TagKind:
		return list(edge.TagTable, edge.TagPuck, edge.TagCard)
	case edge.Allergen:
		return list(edge.Allergens()...)
	case edge.Diet:
		return list(edge.Vegetarian, edge.Vegan, edge.Halal, edge.Kosher)
	case edge.Weekday:
		return list[edge.Weekday]("mon", "tue", "wed", "thu", "fri", "sat", "sun")
	default:
		return nil
	}
}

func alias[T ~string](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[enum[T]]())
}

// newRegistry makes a schema registry that knows the core's enumerations.
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	alias[edge.OrderState](r)
	alias[edge.SessionState](r)
	alias[edge.TicketState](r)
	alias[edge.PaceState](r)
	alias[edge.TicketKind](r)
	alias[edge.TableKind](r)
	alias[edge.Presence](r)
	alias[edge.Permission](r)
	alias[edge.DiningOption](r)
	alias[edge.DifferenceKind](r)
	alias[edge.HelpKind](r)
	alias[edge.TenderKind](r)
	alias[edge.Role](r)
	alias[edge.Medium](r)
	alias[edge.StaffRole](r)
	alias[edge.BadgeKind](r)
	alias[edge.BadgeState](r)
	alias[edge.Guarded](r)
	alias[edge.ApprovalState](r)
	alias[edge.TagKind](r)
	alias[edge.Allergen](r)
	alias[edge.Diet](r)
	alias[edge.Weekday](r)
	return r
}

// socket describes a WebSocket for the document: what each side sends.
type socket struct {
	path, name, protocol, summary string
	client, server                []reflect.Type
}

func of[T any]() reflect.Type { return reflect.TypeFor[T]() }

func sockets() []socket {
	return []socket{
		{
			path: "/api/guest/live", name: "Guest", protocol: guestProtocol,
			summary: "What happens at the guest's table, as it happens",
			client:  []reflect.Type{of[Hello]()},
			server:  []reflect.Type{of[GuestViewMessage](), of[GuestStockMessage](), of[Tick]()},
		},
		{
			path: "/api/kitchen/live", name: "Kitchen", protocol: kitchenProtocol,
			summary: "Tickets for kitchen screens; edge/api/kitchen-protocol.md describes it in full",
			client: []reflect.Type{
				of[KitchenHello](), of[KitchenPress](), of[KitchenOrderPress](), of[KitchenRemake](), of[KitchenReject](),
				of[KitchenStock](), of[KitchenPace](), of[KitchenFind](), of[KitchenSeen](),
			},
			server: []reflect.Type{
				of[KitchenSnapshot](), of[KitchenChanges](), of[live.KitchenChange](), of[KitchenMenu](), of[KitchenLoad](), of[Tick](),
				of[KitchenFound](), of[KitchenDone](), of[KitchenRefused](),
			},
		},
		{
			path: "/api/display/live", name: "Display", protocol: displayProtocol,
			summary: "The code a display is to show, at every rotation and tap",
			client:  []reflect.Type{of[Hello]()},
			server:  []reflect.Type{of[DisplayShow](), of[Tick]()},
		},
		{
			path: "/api/owner/live", name: "Owner", protocol: ownerProtocol,
			summary: "What the owner's page should fetch again",
			client:  []reflect.Type{of[Hello]()},
			server:  []reflect.Type{of[OwnerChanged](), of[Tick]()},
		},
	}
}

// describeSockets puts the messages of the sockets into the document: each as a schema, and per socket and
// direction one schema that is any of them.
func describeSockets(doc *huma.OpenAPI) {
	for _, s := range sockets() {
		client := oneOf(doc.Components.Schemas, s.name+"ClientMessage", s.client)
		server := oneOf(doc.Components.Schemas, s.name+"ServerMessage", s.server)
		doc.AddOperation(&huma.Operation{
			OperationID: "live-" + s.path[len("/api/"):len(s.path)-len("/live")], Method: "GET", Path: s.path,
			Summary: s.summary, Tags: []string{"live"},
			Description: "A WebSocket with subprotocol " + s.protocol + ". The credential is in the first message.",
			Responses:   map[string]*huma.Response{"101": {Description: "The socket is open"}, "default": problemResponse(doc)},
			Extensions:  map[string]any{"x-client-messages": client, "x-server-messages": server},
		})
	}
}

func oneOf(registry huma.Registry, name string, messages []reflect.Type) *huma.Schema {
	union := &huma.Schema{}
	for _, m := range messages {
		union.OneOf = append(union.OneOf, registry.Schema(m, true, ""))
	}
	registry.Map()[name] = union
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// tidy makes the document say what the API does: no list is ever null, and errors are our Problem only.
func tidy(doc *huma.OpenAPI) {
	schemas := doc.Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, s := range schemas {
		neverNull(s)
	}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			for _, response := range op.Responses {
				for _, media := range response.Content {
					neverNull(media.Schema)
				}
			}
		}
	}
}

func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	neverNull(s.Items)
	for _, p := range s.Properties {
		neverNull(p)
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(extra)
	}
}
