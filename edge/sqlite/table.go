package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// Tables implements [edge.View].
func (v *view) Tables() ([]edge.Table, error) {
	bodies, err := v.q.Tables(background())
	return many[edge.Table](v, bodies, err, "tables")
}

// Table implements [edge.View].
func (v *view) Table(id edge.ID) (edge.Table, error) {
	body, err := v.q.Table(background(), string(id))
	return one[edge.Table](v, body, err, "table", id)
}

// Token implements [edge.View]. The token is a secret and therefore not named in errors.
func (v *view) Token(token string) (edge.Token, error) {
	body, err := v.q.Token(background(), token)
	return one[edge.Token](v, body, err, "token", "asked for")
}

// Tokens implements [edge.View]: the oldest first.
func (v *view) Tokens(table edge.ID) ([]edge.Token, error) {
	bodies, err := v.q.TokensOf(background(), string(table))
	return many[edge.Token](v, bodies, err, "tokens")
}

// Tag implements [edge.View].
func (v *view) Tag(uid string) (edge.Tag, error) {
	body, err := v.q.Tag(background(), uid)
	return one[edge.Tag](v, body, err, "tag", uid)
}

// Tags implements [edge.View]: by UID.
func (v *view) Tags() ([]edge.Tag, error) {
	bodies, err := v.q.Tags(background())
	return many[edge.Tag](v, bodies, err, "tags")
}

// PutTable implements [edge.Tx].
func (t *tx) PutTable(table edge.Table) error {
	return t.put("table", table.ID, table, func(body string) error {
		return t.q.PutTable(background(), query.PutTableParams{ID: string(table.ID), Sort: int64(table.Sort), Body: body})
	})
}

// PutToken implements [edge.Tx]. Its table must be there.
func (t *tx) PutToken(token edge.Token) error {
	return t.put("token for table", token.TableID, token, func(body string) error {
		return t.q.PutToken(background(), query.PutTokenParams{
			Token: token.Token, TableID: string(token.TableID), Issued: token.Issued.UnixMilli(), Body: body,
		})
	})
}

// PutTag implements [edge.Tx].
func (t *tx) PutTag(tag edge.Tag) error {
	return t.put("tag", tag.UID, tag, func(body string) error {
		return t.q.PutTag(background(), query.PutTagParams{Uid: tag.UID, Body: body})
	})
}
