package sqlite

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// Each released version has a dump of a file in testdata, which every later program must be able to open. A new
// migration needs a new dump: go test ./edge/sqlite -run EveryVersion -update writes the newest.
var update = flag.Bool("update", false, "write the dump of the newest version")

func dumpOf(version int) string { return filepath.Join("testdata", fmt.Sprintf("%04d.sql", version)) }

func TestEveryVersionCanBeOpened(t *testing.T) {
	texts, err := steps(embedded)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(dumpOf(len(texts)), []byte(sampleDump(t)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for version := 1; version <= len(texts); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			statements, err := os.ReadFile(dumpOf(version))
			if err != nil {
				t.Fatalf("every migration needs a dump of the file it makes: %v", err)
			}
			path := filepath.Join(t.TempDir(), "comanda.db")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			sqlOn(t, path, string(statements))
			s, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			checkSample(t, s)
		})
	}
}

// sample is a small evening in a restaurant, in every table.
func sample(t *testing.T, s *Store) {
	h := openHouse(t, s, 2)
	guest := h.guest(t, 0)
	receipt, err := h.floor.Place(t.Context(), fourLines(guest.ID, "key"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx edge.Tx) error {
		_, err := tx.PutDelivery(edge.Delivery{Lane: "telegram:1", Subject: receipt.Order, State: edge.DeliveryWaiting, Created: noon, Body: []byte("{}")})
		_, err2 := tx.AddUpdate(edge.Update{Source: "telegram:bot", ID: "1", Raw: []byte("{}"), Received: noon})
		return errors.Join(err, err2,
			tx.PutToken(edge.Token{Token: "word", TableID: h.tables[0].ID, Medium: edge.MediumQR, Issued: noon}),
			tx.PutTag(edge.Tag{UID: "04AA", TableID: h.tables[0].ID, Kind: edge.TagTable, Enrolled: noon}),
			tx.PutStock(edge.Stock{Key: "item1", Left: new(4)}),
			tx.PutDevice(edge.Device{ID: "d", Name: "Grill", Role: edge.RoleKitchen, KeyHash: "hash", Paired: noon}),
			tx.PutCard(edge.Card{Lane: "telegram:1", Subject: receipt.Order, Ref: "7"}),
			tx.SetCursor("outbox", "3"),
			tx.PutPerson(edge.Person{ID: "p", Name: "Anna", Role: edge.StaffManager, Shift: "s"}),
			tx.PutBadge(edge.Badge{UID: "04BB", Kind: edge.BadgeStaff, Person: "p", State: edge.BadgeActive}),
			tx.PutShift(edge.Shift{ID: "s", Person: "p", Day: "2026-05-04", In: noon}),
			tx.PutApproval(edge.Approval{ID: "a", Device: "d", State: edge.ApprovalWaiting, Asked: noon}),
		)
	})
}

// checkSample finds the evening again in a file of whatever version, and goes on with it.
func checkSample(t *testing.T, s *Store) {
	report, err := s.Verify(t.Context())
	if err != nil || report.Broken != 0 || report.Events < 5 {
		t.Errorf("verify: got %+v, %v", report, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	write(t, s, func(tx edge.Tx) error {
		orders, err := tx.OpenOrders()
		if err != nil || len(orders) != 1 || len(orders[0].Lines) != 4 || orders[0].Number != "1" {
			t.Fatalf("open orders: got %+v, %v", orders, err)
		}
		tickets, err := tx.TicketsOf(orders[0].ID)
		same(t, "tickets", len(there(t, "tickets", tickets, err)), 2)
		guest, err := tx.Guest(orders[0].Guest)
		if there(t, "guest", guest, err).KeyHash == "" {
			t.Error("guest: the key's hash is gone")
		}
		_, ok, err := tx.Answer(string(edge.GuestActor(guest.ID)), "key")
		same(t, "answer is there", there(t, "answer", ok, err), true)
		menu, err := tx.CurrentMenu()
		same(t, "menu", there(t, "menu", menu, err).Version, int64(1))
		token, err := tx.Token("word")
		same(t, "token", there(t, "token", token, err).Issued.Equal(noon), true)
		tag, err := tx.Tag("04AA")
		same(t, "tag", there(t, "tag", tag, err).TableID, token.TableID)
		stock, _, err := tx.Stock("item1")
		same(t, "stock", *there(t, "stock", stock, err).Left, 4)
		device, err := tx.DeviceByKey("hash")
		same(t, "device", there(t, "device", device, err).Name, "Grill")
		due, err := tx.DueDeliveries(noon, 9)
		same(t, "due deliveries", len(there(t, "due", due, err)), 1)
		card, err := tx.Card("telegram:1", orders[0].ID)
		same(t, "card", there(t, "card", card, err).Ref, "7")
		pending, err := tx.PendingUpdates(9)
		same(t, "pending updates", len(there(t, "pending", pending, err)), 1)
		cursor, err := tx.Cursor("outbox")
		same(t, "cursor", there(t, "cursor", cursor, err), "3")
		number, err := tx.NextNumber(orders[0].Day)
		same(t, "next number", there(t, "number", number, err), 2)
		return happened(tx, "goes on")
	})
}

// sampleDump writes a file of the newest version with the sample in it as SQL.
func sampleDump(t *testing.T) string {
	s := openTest(t, Options{Now: func() time.Time { return noon }})
	sample(t, s)
	var out strings.Builder
	err := s.reader.use(t.Context(), func(l *link) error {
		texts, err := steps(embedded)
		if err != nil {
			return err
		}
		tables := column(t, l, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
		fmt.Fprintf(&out, "PRAGMA foreign_keys = off;\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\n", ours, len(texts))
		for _, statement := range column(t, l, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid") {
			fmt.Fprintf(&out, "%s;\n", statement)
		}
		for _, table := range tables {
			quoted := column(t, l, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
			for _, row := range column(t, l, "SELECT "+strings.Join(quoted, " || ', ' || ")+" FROM "+table) {
				fmt.Fprintf(&out, "INSERT INTO %s VALUES (%s);\n", table, row)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// column gives the only column of a query.
func column(t *testing.T, l *link, query string) []string {
	t.Helper()
	rows, err := l.conn.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// step makes a migration that adds a table with a row.
func step(n int) string {
	return fmt.Sprintf("CREATE TABLE t%d (x); INSERT INTO t%d VALUES (%d);", n, n, n)
}

func TestMigrationsRunOnceAndCopyBefore(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "comanda.db")
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	now := noon
	options := Options{BackupDir: filepath.Join(folder, "copies"), Now: func() time.Time { now = now.Add(time.Second); return now }}.filled(path)
	texts := []string{}
	for n := 1; n <= 6; n++ {
		texts = append(texts, step(n))
		for range 2 { // the second time there is nothing to do
			if err := migrate(t.Context(), path, texts, options); err != nil {
				t.Fatal(err)
			}
		}
	}
	copied, err := filepath.Glob(filepath.Join(options.BackupDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"comanda.db.before-0003-20260504T120003.000Z", "comanda.db.before-0004-20260504T120004.000Z",
		"comanda.db.before-0005-20260504T120005.000Z",
	}
	for i := range copied {
		copied[i] = filepath.Base(copied[i])
	}
	same(t, "copies", copied, want)
	// The newest copy is the file as it was, and can be brought up to date again.
	if err := migrate(t.Context(), filepath.Join(options.BackupDir, want[2]), texts[:5], options); err != nil {
		t.Errorf("open the newest copy with the program of before: %v", err)
	}
	err = migrate(t.Context(), path, texts[:5], options)
	if !errors.Is(err, ErrNewer) {
		t.Errorf("open a newer file: got %v, want it refused", err)
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "comanda.db")
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	options := Options{}.filled(path)
	if err := migrate(t.Context(), path, []string{step(1)}, options); err != nil {
		t.Fatal(err)
	}
	bad := step(2) + "INSERT INTO nowhere VALUES (1);"
	if err := migrate(t.Context(), path, []string{step(1), bad}, options); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Fatalf("failing migration: got %v", err)
	}
	l, err := dial(context.Background(), path, reading)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.close() }()
	same(t, "tables", column(t, l, "SELECT name FROM sqlite_schema WHERE type = 'table'"), []string{"t1"})
	same(t, "version", column(t, l, "SELECT user_version FROM pragma_user_version"), []string{"1"})
}

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	files := fstest.MapFS{"migrations/0001_a.sql": {}, "migrations/0003_b.sql": {}}
	if got, err := steps(files); err == nil {
		t.Errorf("steps with a gap: got %v, want an error", got)
	}
	names, err := embedded.ReadDir("migrations")
	if err != nil || !slices.ContainsFunc(names, func(e os.DirEntry) bool { return e.Name() == "0001_start.sql" }) {
		t.Errorf("embedded migrations: got %v, %v", names, err)
	}
}
