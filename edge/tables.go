package edge

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Limits of what an owner may set up.
const (
	maxTables    = 1000
	maxTableName = 40
)

var tokenWord = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// AddTables adds tables. A name that another table in use has is refused, and nothing is added.
func (f *Floor) AddTables(ctx context.Context, actor Actor, tables []Table) ([]Table, error) {
	var added []Table
	err := f.store.Write(ctx, func(tx Tx) error {
		added = nil
		existing, err := tx.Tables()
		if err != nil {
			return err
		}
		if len(tables) == 0 || len(existing)+len(tables) > maxTables {
			return invalid("tables", "too_many", "Between 1 and %d tables can be added.", maxTables-len(existing))
		}
		for i, table := range tables {
			table.ID, table.Sort = f.newID(), len(existing)+1
			if err := checkTable(fmt.Sprintf("tables[%d]", i), &table, existing); err != nil {
				return err
			}
			if err := putTable(tx, TableAdded, table, actor, f.now()); err != nil {
				return err
			}
			existing, added = append(existing, table), append(added, table)
		}
		return nil
	})
	return added, err
}

// ChangeTable changes a table's name, section, seats, kind or place in the order, or retires it.
func (f *Floor) ChangeTable(ctx context.Context, actor Actor, table Table) error {
	return f.store.Write(ctx, func(tx Tx) error {
		old, err := tx.Table(table.ID)
		if err != nil {
			return err
		}
		existing, err := tx.Tables()
		if err != nil {
			return err
		}
		table.Locked = old.Locked
		if err := checkTable("table", &table, existing); err != nil {
			return err
		}
		return putTable(tx, TableChanged, table, actor, f.now())
	})
}

func checkTable(path string, table *Table, existing []Table) error {
	table.Name = strings.TrimSpace(table.Name)
	if table.Name == "" {
		return invalid(path+".name", "name_missing", "A table needs a name or number.")
	}
	if err := checkText(path+".name", table.Name, maxTableName); err != nil {
		return err
	}
	if err := checkText(path+".section", table.Section, maxTableName); err != nil {
		return err
	}
	if table.Kind == "" {
		table.Kind = KindTable
	}
	if table.Kind != KindTable && table.Kind != KindCounter {
		return invalid(path+".kind", "kind_unknown", "A place is a table or a counter.")
	}
	if table.Seats < 0 || table.Seats > 1000 {
		return invalid(path+".seats", "quantity_invalid", "Seats are between 0 and 1000.")
	}
	for _, t := range existing {
		if t.ID != table.ID && !t.Retired && !table.Retired && strings.EqualFold(t.Name, table.Name) {
			return invalid(path+".name", "name_taken", "There is already a table %q.", table.Name)
		}
	}
	return nil
}

func putTable(tx Tx, kind EventKind, table Table, actor Actor, now Moment) error {
	if err := tx.PutTable(table); err != nil {
		return err
	}
	return appendAll(tx, newEvent(kind, table.ID, actor, now, table, &table))
}

// Lock stops or allows ordering at a table, in one press.
func (f *Floor) Lock(ctx context.Context, actor Actor, table ID, locked bool) error {
	return f.store.Write(ctx, func(tx Tx) error {
		t, err := tx.Table(table)
		if err != nil {
			return err
		}
		now := f.now()
		if t.Locked != locked {
			t.Locked = locked
			if err := putTable(tx, TableChanged, t, actor, now); err != nil {
				return err
			}
		}
		sessions, err := tx.OpenSessions()
		if err != nil {
			return err
		}
		for _, s := range sessions {
			if s.TableID != table || s.Locked == locked {
				continue
			}
			s.Locked = locked
			if err := putSession(tx, SessionLocked, &s, lockBody{Locked: locked}, actor, now); err != nil {
				return err
			}
		}
		return nil
	})
}

type lockBody struct {
	Locked bool `json:"locked"`
}

// IssueToken gives a table a new token for a medium and retires the ones it had there: their codes stop working.
// The word must be unguessable; the caller draws it.
func (f *Floor) IssueToken(ctx context.Context, actor Actor, table ID, medium Medium, word string) (Token, error) {
	if medium != MediumQR && medium != MediumNFC {
		return Token{}, invalid("medium", "medium_unknown", "A code is printed (qr) or on a tag (nfc).")
	}
	if !tokenWord.MatchString(word) {
		return Token{}, invalid("token", "token_invalid", "A token is 16–64 of A–Z, a–z, 0–9, - and _.")
	}
	var token Token
	err := f.store.Write(ctx, func(tx Tx) error {
		if _, err := tx.Table(table); err != nil {
			return err
		}
		if _, err := tx.Token(word); err == nil {
			return Refuse(KindConflict, "token_taken", "This token is in use.")
		}
		now := f.now()
		if err := retireTokens(tx, table, medium, actor, now); err != nil {
			return err
		}
		token = Token{Token: word, TableID: table, Medium: medium, Issued: now.At}
		if err := tx.PutToken(token); err != nil {
			return err
		}
		return appendAll(tx, newEvent(TokenIssued, table, actor, now, tokenBody{Medium: medium}, &token))
	})
	return token, err
}

// tokenBody leaves the word out: the journal is exported, and whoever reads it must not be able to order.
type tokenBody struct {
	Medium Medium `json:"medium"`
}

func retireTokens(tx Tx, table ID, medium Medium, actor Actor, now Moment) error {
	tokens, err := tx.Tokens(table)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.Retired || t.Medium != medium {
			continue
		}
		t.Retired = true
		if err := tx.PutToken(t); err != nil {
			return err
		}
		if err := appendAll(tx, newEvent(TokenRetired, table, actor, now, tokenBody{Medium: medium}, &t)); err != nil {
			return err
		}
	}
	return nil
}
