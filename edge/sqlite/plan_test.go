package sqlite

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNoQueryReadsAWholeHistory asks SQLite how it would run every query: in tables that grow with every order, it
// must find rows by an index.
func TestNoQueryReadsAWholeHistory(t *testing.T) {
	growing := regexp.MustCompile(`^SCAN (event|session|guest|placed_order|ticket|answer|delivery|d|head|card|platform_update|ticket_time|shift|approval)( |$)`)
	fine := map[string]bool{
		"ForgetAnswers": true, // once an hour; an index would be one more page for every order
		"ForgetCards":   true, // one row per living conversation, once an hour
		"LastEvent":     true, // backwards along the key, one row
	}
	argument := regexp.MustCompile(`sqlc\.arg\(\w+\)`)
	s := openTest(t, Options{})
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("queries: %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range strings.Split(string(text), "-- name: ")[1:] {
			head, statement, _ := strings.Cut(query, "\n")
			name, _, _ := strings.Cut(head, " ")
			for _, step := range planOf(t, s, argument.ReplaceAllString(statement, "?")) {
				if growing.MatchString(step) && !strings.Contains(step, "INDEX") && !fine[name] {
					t.Errorf("%s reads everything: %s", name, step)
				}
			}
		}
	}
}

func planOf(t *testing.T, s *Store, statement string) []string {
	t.Helper()
	var plan []string
	err := s.reader.use(t.Context(), func(l *link) error {
		arguments := make([]any, strings.Count(statement, "?"))
		rows, err := l.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, arguments...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			plan = append(plan, detail)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return plan
}
