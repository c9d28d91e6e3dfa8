package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

func (h *Handler) tableRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/tables", id: "tables", who: anOwner,
		summary: "All places with their codes and tags",
	}, h.tables)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tables", id: "add-tables", who: anOwner,
		status: http.StatusCreated, summary: "Add places; each gets a code to print",
	}, h.addTables)
	add(h, api, route{
		method: http.MethodPatch, path: "/api/owner/tables/{id}", id: "change-table", who: anOwner,
		summary: "Change a place",
	}, h.changeTable)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tables/{id}/token", id: "issue-token", who: anOwner,
		status: http.StatusCreated, summary: "Make a new code; the old one of that medium stops working",
	}, h.issueToken)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tables/{id}/lock", id: "lock-table", who: anOwner,
		summary: "Stop or allow ordering at a place",
	}, h.lockTable)
	h.qrRoutes(api)
}

func (h *Handler) tables(ctx context.Context, _ *none) (*answer[OwnerTables], error) {
	out := OwnerTables{Tables: []OwnerTable{}}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		tables, err := v.Tables()
		if err != nil {
			return err
		}
		tags, err := v.Tags()
		if err != nil {
			return err
		}
		for _, t := range tables {
			table, err := h.tableView(v, t, tags)
			if err != nil {
				return err
			}
			out.Tables = append(out.Tables, table)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &answer[OwnerTables]{out}, nil
}

func (h *Handler) tableView(v edge.View, table edge.Table, tags []edge.Tag) (OwnerTable, error) {
	out := OwnerTable{Table: table, Tokens: []OwnerToken{}, Tags: []edge.Tag{}}
	tokens, err := v.Tokens(table.ID)
	if err != nil {
		return OwnerTable{}, err
	}
	for _, t := range tokens {
		if !t.Retired {
			out.Tokens = append(out.Tokens, h.tokenView(t))
		}
	}
	for _, t := range tags {
		if t.TableID == table.ID && !t.Retired {
			out.Tags = append(out.Tags, ownTag(t))
		}
	}
	session, err := v.OpenSession(table.ID)
	switch {
	case err == nil:
		out.Session = &session
	case !errors.Is(err, edge.ErrNotFound):
		return OwnerTable{}, err
	}
	return out, nil
}

func (h *Handler) tokenView(t edge.Token) OwnerToken {
	return OwnerToken{Token: t.Token, Medium: t.Medium, URL: h.tableURL(t.Token), Issued: t.Issued}
}

func (h *Handler) addTables(ctx context.Context, in *request[TablesBody]) (*answer[OwnerTables], error) {
	tables := make([]edge.Table, len(in.Body.Tables))
	for i, t := range in.Body.Tables {
		tables[i] = edge.Table{Name: t.Name, Kind: t.Kind, Section: t.Section, Seats: t.Seats, Sort: t.Sort}
	}
	added, err := h.cfg.Floor.AddTables(ctx, actorOf(ctx), tables)
	if err != nil {
		return nil, err
	}
	out := OwnerTables{Tables: []OwnerTable{}}
	for _, t := range added {
		token, err := h.cfg.Floor.IssueToken(ctx, actorOf(ctx), t.ID, edge.MediumQR, access.NewWord())
		if err != nil {
			return nil, err
		}
		out.Tables = append(out.Tables, OwnerTable{
			Table: t, Tokens: []OwnerToken{h.tokenView(token)}, Tags: []edge.Tag{},
		})
	}
	return &answer[OwnerTables]{out}, nil
}

type changeTableInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body TableChange
}

func (h *Handler) changeTable(ctx context.Context, in *changeTableInput) (*answer[edge.Table], error) {
	table, err := h.table(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	in.Body.apply(&table)
	if err := h.cfg.Floor.ChangeTable(ctx, actorOf(ctx), table); err != nil {
		return nil, err
	}
	return &answer[edge.Table]{table}, nil
}

func (c *TableChange) apply(t *edge.Table) {
	set(&t.Name, c.Name)
	set(&t.Kind, c.Kind)
	set(&t.Section, c.Section)
	set(&t.Seats, c.Seats)
	set(&t.Sort, c.Sort)
	set(&t.Retired, c.Retired)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func (h *Handler) table(ctx context.Context, id edge.ID) (edge.Table, error) {
	var table edge.Table
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		table, err = v.Table(id)
		return err
	})
	return table, err
}

type tokenInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body MediumBody
}

func (h *Handler) issueToken(ctx context.Context, in *tokenInput) (*answer[OwnerToken], error) {
	token, err := h.cfg.Floor.IssueToken(ctx, actorOf(ctx), in.ID, in.Body.Medium, access.NewWord())
	if err != nil {
		return nil, err
	}
	return &answer[OwnerToken]{h.tokenView(token)}, nil
}

type lockInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Body LockBody
}

func (h *Handler) lockTable(ctx context.Context, in *lockInput) (*none, error) {
	return &none{}, h.cfg.Floor.Lock(ctx, actorOf(ctx), in.ID, in.Body.Locked)
}
