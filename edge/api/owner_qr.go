package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
)

func (h *Handler) qrRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/tables/{id}/qr.svg", id: "qr-svg", who: anOwner,
		summary: "The printed code of a place as an SVG",
	}, h.qrSVG)
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/tables/{id}/qr.png", id: "qr-png", who: anOwner,
		summary: "The printed code of a place as a PNG",
	}, h.qrPNG)
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/qr-sheet.html", id: "qr-sheet", who: anOwner,
		summary: "A page to print with the codes of all places",
	}, h.qrSheet)
}

// printed finds the newest printed code of a place.
func (h *Handler) printed(ctx context.Context, id edge.ID) (edge.Table, string, error) {
	var (
		table edge.Table
		found edge.Token
	)
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		if table, err = v.Table(id); err != nil {
			return err
		}
		found, err = tokenOf(v, id)
		return err
	})
	if err != nil {
		return edge.Table{}, "", err
	}
	if found.Token == "" {
		return edge.Table{}, "", problem(http.StatusNotFound, "no_code",
			"This place has no printed code. Please make one first.")
	}
	return table, h.tableURL(found.Token), nil
}

// tokenOf is the table's newest printed code that works, else the newest of any medium, else an empty one.
func tokenOf(v edge.View, table edge.ID) (edge.Token, error) {
	tokens, err := v.Tokens(table)
	if err != nil {
		return edge.Token{}, err
	}
	var found edge.Token
	for _, t := range tokens {
		better := found.Token == "" || (t.Medium == edge.MediumQR && found.Medium != edge.MediumQR) ||
			(t.Medium == found.Medium && t.Issued.After(found.Issued))
		if !t.Retired && better {
			found = t
		}
	}
	return found, nil
}

func (h *Handler) qrSVG(ctx context.Context, in *idInput) (*fileOutput, error) {
	_, url, err := h.printed(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	code, err := h.svg(url)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<rect width="100%%" height="100%%" fill="#fff"/><path d="%s" fill="#000"/></svg>`+"\n",
		code.Size, code.Size, html.EscapeString(code.Path))
	return &fileOutput{"image/svg+xml", `inline; filename="code.svg"`, []byte(text)}, nil
}

type pngInput struct {
	ID   edge.ID `path:"id" maxLength:"64"`
	Size int     `query:"size" minimum:"100" maximum:"2000" default:"800" doc:"Pixels per side, about"`
}

func (h *Handler) qrPNG(ctx context.Context, in *pngInput) (*fileOutput, error) {
	if h.cfg.PNG == nil {
		return nil, problem(http.StatusNotFound, "no_png", "This device does not draw PNG codes.")
	}
	_, url, err := h.printed(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	image, err := h.cfg.PNG(url, in.Size)
	if err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	return &fileOutput{"image/png", `inline; filename="code.png"`, image}, nil
}

type sheetInput struct {
	Tables string `query:"tables" maxLength:"4000" doc:"Ids with commas between; none is all places"`
}

// qrSheet makes a page that needs no script and no further file, so that it prints alike everywhere.
func (h *Handler) qrSheet(ctx context.Context, in *sheetInput) (*fileOutput, error) {
	language := "en"
	if len(h.venue.Languages) > 0 {
		language = h.venue.Languages[0]
	}
	tables, err := h.wanted(ctx, in.Tables)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	esc := html.EscapeString
	fmt.Fprintf(&page, sheetHead, esc(language), esc(h.venue.Name))
	for _, t := range tables {
		_, url, err := h.printed(ctx, t.ID)
		if p, ok := errors.AsType[*Problem](err); ok && p.Code == "no_code" {
			continue
		}
		if err != nil {
			return nil, err
		}
		code, err := h.svg(url)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&page, sheetCard, esc(h.venue.Name), esc(t.Name), code.Size, code.Size, esc(url), esc(code.Path),
			esc(scanText(language)), esc(url))
	}
	page.WriteString("</body>\n</html>\n")
	return &fileOutput{"text/html; charset=utf-8", `inline; filename="codes.html"`, page.Bytes()}, nil
}

// wanted is the places of a comma-separated list, or all that are in use.
func (h *Handler) wanted(ctx context.Context, ids string) ([]edge.Table, error) {
	var out []edge.Table
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		tables, err := v.Tables()
		list := strings.Split(ids, ",")
		for _, t := range tables {
			if !t.Retired && (ids == "" || slices.Contains(list, string(t.ID))) {
				out = append(out, t)
			}
		}
		return err
	})
	return out, err
}

// scanText asks guests to scan, in the venue's language.
func scanText(language string) string {
	base, _, _ := strings.Cut(language, "-")
	switch base {
	case "de":
		return "Zum Bestellen scannen"
	case "fr":
		return "Scannez pour commander"
	case "es":
		return "Escanee para pedir"
	case "it":
		return "Scansiona per ordinare"
	case "ja":
		return "スキャンしてご注文ください"
	case "zh":
		return "扫码点餐"
	default:
		return "Scan to order"
	}
}

const sheetHead = `<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<title>%s</title>
<style>
@page { size: A4; margin: 12mm }
body { font: 12pt system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 8mm }
article { border: 1px dashed #999; padding: 6mm; text-align: center; break-inside: avoid }
h1 { font-size: 14pt; margin: 0 } h2 { font-size: 28pt; margin: 2mm 0 }
svg { width: 55mm; height: 55mm } p { margin: 2mm 0 0 } small { font-size: 7pt; overflow-wrap: anywhere }
</style>
</head>
<body>
`

const sheetCard = `<article>
<h1>%s</h1><h2>%s</h2>
<svg viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img" aria-label="%s"><path d="%s"/></svg>
<p>%s</p><small>%s</small>
</article>
`
