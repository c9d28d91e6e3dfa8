package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) menuRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/menu", id: "export-menu", who: anOwner,
		summary: "The current menu as a file",
	}, h.exportMenu)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/menu/check", id: "check-menu", who: anOwner, body: maxMenuBody,
		summary: "Say what is wrong with a menu file, in YAML or JSON",
	}, h.checkMenu)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/menu", id: "publish-menu", who: anOwner, body: maxMenuBody,
		status: http.StatusCreated, summary: "Make a menu file, in YAML or JSON, the current menu",
	}, h.publishMenu)
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/stock", id: "stock", who: anOwner,
		summary: "What is not available without limit",
	}, h.stock)
	add(h, api, route{
		method: http.MethodPut, path: "/api/owner/stock", id: "set-stock", who: anOwner,
		summary: "Mark something sold out, or there again",
	}, h.setStock)
}

type exportInput struct {
	Format string `query:"format" enum:"yaml,json" default:"yaml"`
}

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (h *Handler) exportMenu(ctx context.Context, in *exportInput) (*fileOutput, error) {
	var menu *edge.Menu
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		menu, err = v.CurrentMenu()
		return err
	})
	if errors.Is(err, edge.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "no_menu", "No menu has been published yet.")
	}
	if err != nil {
		return nil, err
	}
	if in.Format == "json" {
		var buf bytes.Buffer
		e := json.NewEncoder(&buf)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(menu); err != nil {
			return nil, err
		}
		return &fileOutput{jsonType, `attachment; filename="menu.json"`, buf.Bytes()}, nil
	}
	text, err := EncodeMenu(menu)
	if err != nil {
		return nil, err
	}
	return &fileOutput{"application/yaml; charset=utf-8", `attachment; filename="menu.yaml"`, text}, nil
}

// menuFile is a menu in YAML or JSON; the API does not mind what the Content-Type says, because a browser's file
// picker does not know it.
type menuFile struct {
	RawBody []byte `contentType:"application/yaml"`
}

func (h *Handler) checkMenu(_ context.Context, in *menuFile) (*answer[MenuCheck], error) {
	menu, problems := DecodeMenu(in.RawBody, h.cfg.Floor.CheckMenu)
	if problems == nil {
		problems = []MenuProblem{}
	}
	return &answer[MenuCheck]{MenuCheck{OK: len(problems) == 0, Problems: problems, Summary: summaryOf(menu)}}, nil
}

func summaryOf(menu edge.Menu) MenuSummary {
	s := MenuSummary{
		Categories: len(menu.Categories), Groups: len(menu.Groups), Stations: len(menu.Stations),
		Languages: len(menu.Languages),
	}
	for _, c := range menu.Categories {
		s.Items += len(c.Items)
	}
	return s
}

func (h *Handler) publishMenu(ctx context.Context, in *menuFile) (*answer[MenuPublished], error) {
	menu, problems := DecodeMenu(in.RawBody, h.cfg.Floor.CheckMenu)
	if len(problems) > 0 {
		p := problem(http.StatusUnprocessableEntity, "menu_invalid", "%s", problems[0].Message)
		p.Field = problems[0].Path
		return nil, p
	}
	version, err := h.cfg.Floor.Publish(ctx, actorOf(ctx), menu)
	if err != nil {
		return nil, err
	}
	return &answer[MenuPublished]{MenuPublished{version}}, nil
}

func (h *Handler) stock(_ context.Context, _ *none) (*answer[StockList], error) {
	return &answer[StockList]{StockList{Stock: h.cfg.Hub.Stock()}}, nil
}

func (h *Handler) setStock(ctx context.Context, in *request[edge.Stock]) (*none, error) {
	_, err := h.cfg.Kitchen.SetStock(ctx, actorOf(ctx), in.Body)
	return &none{}, err
}
