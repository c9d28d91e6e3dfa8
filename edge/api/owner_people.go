package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) peopleRoutes(api huma.API) {
	get := func(path, id, summary string) route {
		return route{method: http.MethodGet, path: path, id: id, who: anOwner, summary: summary}
	}
	add(h, api, get("/api/owner/people", "people", "Who works here, who is in, and their badges"), h.people)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/people", id: "add-person", who: anOwner, status: http.StatusCreated,
		summary: "Add somebody who works here",
	}, h.addPerson)
	add(h, api, route{
		method: http.MethodPatch, path: "/api/owner/people/{id}", id: "change-person", who: anOwner,
		summary: "Change what somebody is called or does, or remove them",
	}, h.changePerson)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/people/{id}/clock", id: "clock-person", who: anOwner,
		summary: "Note by hand that somebody came or went",
	}, h.clockPerson)
	add(h, api, get("/api/owner/people/hours", "hours", "Who worked how long on a business day"), h.hours)
	add(h, api, get("/api/owner/people/hours.csv", "hours-file", "The shifts of a business day as a table"), h.hoursFile)
	add(h, api, get("/api/owner/me", "me", "This screen, and who is signed in to it"), h.me)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/sign-out", id: "sign-out", who: anOwner,
		summary: "Nobody is signed in to this screen any more; it stays connected",
	}, h.signOut)
}

// OwnerPeople is who works in the house.
type OwnerPeople struct {
	Now     time.Time      `json:"now"`
	People  []OwnerPerson  `json:"people" doc:"By name, removed ones included"`
	Rooms   []edge.Badge   `json:"rooms" doc:"Key cards of rooms"`
	Readers []OwnerReader  `json:"readers"`
	Guards  []edge.Guarded `json:"guards" doc:"What needs a badge that may approve"`
}

// OwnerPerson is somebody with their badges.
type OwnerPerson struct {
	edge.Person
	In     time.Time    `json:"in,omitzero" doc:"Since when they are in"`
	Badges []edge.Badge `json:"badges"`
}

// OwnerReader is a reader as its settings name it.
type OwnerReader struct {
	Name   string `json:"name" doc:"By the settings, else its own"`
	Reader string `json:"reader,omitempty" doc:"Its own name; none while it is not connected"`
	Role   string `json:"role" enum:"counter,bar,staff,provisioning"`
	Screen string `json:"screen,omitempty" doc:"The screen it belongs to"`
	State  string `json:"state" enum:"ok,degraded,off"`
	Text   string `json:"text,omitempty" doc:"What is wrong and what to do"`
}

func (h *Handler) people(ctx context.Context, _ *none) (*answer[OwnerPeople], error) {
	out := OwnerPeople{
		Now: h.now(), People: []OwnerPerson{}, Rooms: []edge.Badge{}, Readers: []OwnerReader{},
		Guards: append([]edge.Guarded{}, h.venue.Staff.Approve...),
	}
	if h.cfg.Readers != nil {
		out.Readers = append(out.Readers, h.cfg.Readers(ctx)...)
	}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		people, err := v.People()
		if err != nil {
			return err
		}
		badges, err := v.Badges()
		if err != nil {
			return err
		}
		of := map[edge.ID][]edge.Badge{}
		for _, b := range badges {
			if b.Kind == edge.BadgeRoom {
				out.Rooms = append(out.Rooms, b)
			} else {
				of[b.Person] = append(of[b.Person], b)
			}
		}
		for _, p := range people {
			person, err := ownerPerson(v, p, of[p.ID])
			if err != nil {
				return err
			}
			out.People = append(out.People, person)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &answer[OwnerPeople]{out}, nil
}

func ownerPerson(v edge.View, p edge.Person, badges []edge.Badge) (OwnerPerson, error) {
	out := OwnerPerson{Person: p, Badges: append([]edge.Badge{}, badges...)}
	if p.Shift == "" {
		return out, nil
	}
	shift, err := v.Shift(p.Shift)
	out.In = shift.In
	return out, err
}

// PersonBody is somebody to add.
type PersonBody struct {
	Name string         `json:"name" minLength:"1" maxLength:"40"`
	Role edge.StaffRole `json:"role"`
}

func (h *Handler) addPerson(ctx context.Context, in *request[PersonBody]) (*answer[edge.Person], error) {
	person, err := h.cfg.Floor.AddPerson(ctx, actorOf(ctx), in.Body.Name, in.Body.Role)
	if err != nil {
		return nil, err
	}
	return &answer[edge.Person]{person}, nil
}

type personInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body edge.PersonChange
}

func (h *Handler) changePerson(ctx context.Context, in *personInput) (*answer[edge.Person], error) {
	person, err := h.cfg.Floor.ChangePerson(ctx, actorOf(ctx), in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return &answer[edge.Person]{person}, nil
}

// ClockBody says whether somebody is in.
type ClockBody struct {
	In bool `json:"in"`
}

type clockInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body ClockBody
}

func (h *Handler) clockPerson(ctx context.Context, in *clockInput) (*answer[edge.Person], error) {
	person, err := h.cfg.Floor.Clock(ctx, actorOf(ctx), in.ID, in.Body.In)
	if err != nil {
		return nil, err
	}
	return &answer[edge.Person]{person}, nil
}

// OwnerHours is who worked how long on one business day.
type OwnerHours struct {
	Now   time.Time        `json:"now"`
	Day   edge.BusinessDay `json:"day"`
	Hours []edge.Hours     `json:"hours" doc:"By name"`
}

func (h *Handler) shiftsOf(ctx context.Context, wanted string) (edge.BusinessDay, []edge.Shift, error) {
	day := edge.BusinessDay(wanted)
	if day == "" {
		day = h.venue.Day(h.cfg.Clock().At)
	}
	var shifts []edge.Shift
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		shifts, err = v.Shifts(day)
		return err
	})
	return day, shifts, err
}

func (h *Handler) hours(ctx context.Context, in *dayInput) (*answer[OwnerHours], error) {
	day, shifts, err := h.shiftsOf(ctx, in.Day)
	if err != nil {
		return nil, err
	}
	return &answer[OwnerHours]{OwnerHours{Now: h.now(), Day: day, Hours: edge.HoursOf(shifts, h.now())}}, nil
}

// hoursFile writes one row for each shift. A shift that still runs has no end; its minutes are those up to now.
func (h *Handler) hoursFile(ctx context.Context, in *dayInput) (*fileOutput, error) {
	day, shifts, err := h.shiftsOf(ctx, in.Day)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"business_day", "person", "role", "in", "out", "minutes", "in_at", "out_at", "time_in_doubt"}}
	for _, s := range shifts {
		out := ""
		if !s.Out.IsZero() {
			out = h.localTime(s.Out)
		}
		rows = append(rows, []string{
			string(day), cell(s.Name), string(s.Role), h.localTime(s.In), out, strconv.Itoa(int(s.Worked(h.now()).Minutes())),
			cell(s.InAt), cell(s.OutAt), strconv.FormatBool(s.Doubtful),
		})
	}
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write hours: %w", err)
	}
	return &fileOutput{
		"text/csv; charset=utf-8", fmt.Sprintf(`attachment; filename="hours-%s.csv"`, day), text.Bytes(),
	}, nil
}

func (h *Handler) localTime(at time.Time) string {
	return at.In(h.venue.Zone).Format("2006-01-02T15:04:05-07:00")
}

// cell keeps spreadsheets from taking a name that somebody typed for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

// OwnerMe is the screen that asks.
type OwnerMe struct {
	Device edge.Device  `json:"device"`
	Person *edge.Person `json:"person,omitempty" doc:"Who is signed in there by a badge"`
	// Until is when the sign-in lapses.
	Until time.Time `json:"until,omitzero" doc:"When the sign-in lapses; none is never"`
}

func (h *Handler) me(ctx context.Context, _ *none) (*answer[OwnerMe], error) {
	out := OwnerMe{Device: deviceOf(ctx)}
	id := h.venue.Staff.SignedInBy(out.Device, h.cfg.Clock().At)
	if id == "" {
		return &answer[OwnerMe]{out}, nil
	}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		person, err := v.Person(id)
		out.Person = &person
		return err
	})
	if err != nil {
		return nil, err
	}
	if lasts := h.venue.Staff.SignedIn; lasts > 0 {
		out.Until = out.Device.SignedIn.Add(lasts)
	}
	return &answer[OwnerMe]{out}, nil
}

func (h *Handler) signOut(ctx context.Context, _ *none) (*none, error) {
	return &none{}, h.cfg.Floor.SignOut(ctx, actorOf(ctx), deviceOf(ctx).ID)
}
