package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) kitchenRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/kitchen", id: "kitchen", who: anOwner,
		summary: "How the kitchen stands, and how long its stations took on a day",
	}, h.kitchen)
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/kitchen/times.csv", id: "kitchen-times", who: anOwner,
		summary: "How long the stations took on a day, by hour, as a table",
	}, h.kitchenTimes)
	add(h, api, route{
		method: http.MethodPut, path: "/api/owner/pace", id: "set-pace", who: anOwner,
		summary: "Slow a channel down, pause it, or open it again",
	}, h.setPace)
}

type dayInput struct {
	Day string `query:"day" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" doc:"Business day; none is today"`
}

// OwnerKitchen is the kitchen as the owner sees it.
type OwnerKitchen struct {
	Now      time.Time           `json:"now"`
	Day      edge.BusinessDay    `json:"day"`
	DayEnds  time.Time           `json:"day_ends" doc:"When this business day ends"`
	Load     KitchenLoad         `json:"load"`
	Stations []edge.Station      `json:"stations"`
	Times    []edge.StationTimes `json:"times" doc:"Of the day, of stations that bumped something"`
	Channels []string            `json:"channels"`
	Paces    []edge.Pace         `json:"paces"`
}

func (h *Handler) kitchen(ctx context.Context, in *dayInput) (*answer[OwnerKitchen], error) {
	day, times, err := h.timesOf(ctx, in.Day)
	if err != nil {
		return nil, err
	}
	out := OwnerKitchen{
		Now: h.now(), Day: day, DayEnds: h.venue.DayEnds(h.now()), Load: h.load(), Stations: []edge.Station{}, Times: append([]edge.StationTimes{}, times...),
		Channels: append([]string{}, h.cfg.Channels...), Paces: h.cfg.Hub.Paces(),
	}
	out.Load.Now = out.Now
	if menu := h.cfg.Hub.Menu(); menu != nil {
		out.Stations = append(out.Stations, menu.Stations...)
	}
	return &answer[OwnerKitchen]{out}, nil
}

// timesOf reads the times of a business day, "" for today.
func (h *Handler) timesOf(ctx context.Context, wanted string) (edge.BusinessDay, []edge.StationTimes, error) {
	day := edge.BusinessDay(wanted)
	if day == "" {
		day = h.venue.Day(h.cfg.Clock().At)
	}
	if _, err := time.Parse(time.DateOnly, string(day)); err != nil {
		return day, nil, edge.Refuse(edge.KindInvalid, "day_invalid", "There is no such day.")
	}
	var times []edge.TicketTime
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		times, err = v.TicketTimes(day)
		return err
	})
	return day, edge.TimesByStation(times, h.cfg.Hub.Menu(), h.venue.Zone), err
}

// kitchenTimes writes one row an hour and station, and one for the whole day.
func (h *Handler) kitchenTimes(ctx context.Context, in *dayInput) (*fileOutput, error) {
	day, times, err := h.timesOf(ctx, in.Day)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	rows := [][]string{{"business_day", "station", "hour", "tickets", "p50_seconds", "p90_seconds", "late", "late_share"}}
	for _, s := range times {
		for _, hour := range s.Hours {
			rows = append(rows, timesRow(day, s.Station, hour.Hour.In(h.venue.Zone).Format("2006-01-02T15:04-07:00"), hour.Times))
		}
		rows = append(rows, timesRow(day, s.Station, "all", s.All))
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write times: %w", err)
	}
	return &fileOutput{
		"text/csv; charset=utf-8", fmt.Sprintf(`attachment; filename="kitchen-times-%s.csv"`, day), text.Bytes(),
	}, nil
}

func timesRow(day edge.BusinessDay, station, hour string, t edge.Times) []string {
	return []string{
		string(day), station, hour, strconv.Itoa(t.Tickets), strconv.Itoa(t.P50), strconv.Itoa(t.P90), strconv.Itoa(t.Late),
		strconv.FormatFloat(float64(t.Late)/float64(max(t.Tickets, 1)), 'f', 3, 64),
	}
}

func (h *Handler) setPace(ctx context.Context, in *request[edge.Pace]) (*none, error) {
	_, err := h.cfg.Kitchen.SetPace(ctx, actorOf(ctx), in.Body, h.cfg.Channels)
	return &none{}, err
}

// FireBody says what to fire.
type FireBody struct {
	Course *int `json:"course,omitempty" doc:"None is the next one"`
}

type fireInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body FireBody
}

func (h *Handler) fireOrder(ctx context.Context, in *fireInput) (*none, error) {
	return &none{}, h.cfg.Floor.FireCourse(ctx, actorOf(ctx), in.ID, in.Body.Course)
}
