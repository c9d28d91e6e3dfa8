package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/comanda-pos/comanda/cmd/internal/demo"
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/hardware/display"
)

type demoCommand struct {
	Run demoRun `cmd:"" default:"withargs" help:"Open the restaurant until Ctrl-C."`
	Tap demoTap `cmd:"" help:"Hold a table's tag to the running demo's reader."`
}

type demoRun struct {
	Listen string `help:"Address of the device; 0.0.0.0:8080 lets phones in the same network join." default:"127.0.0.1:8080"`
	Desk   string `help:"Address of the desk, the page on which you tap tags." default:"127.0.0.1:8081"`
	Phones string `help:"Address of the simulated Telegram phones." default:"127.0.0.1:8082"`
	Log    string `help:"What to tell on the way: ${enum}." enum:"debug,info,warn,error" default:"warn"`
}

// Run implements the command.
func (c demoRun) Run(p *program) (err error) {
	folder := p.commands.Data
	if folder == "" {
		if folder, err = os.MkdirTemp("", "comanda-demo-"); err != nil {
			return fmt.Errorf("make the demo's folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	} else if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("make the demo's folder: %w", err)
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	settings.Log.Level = c.Log
	options := demo.Options{
		Listen: c.Listen, DeskListen: c.Desk, Phones: c.Phones, Folder: folder, Version: version,
		Log: logger(settings.Log, p.stderr),
	}
	if p.commands.Config != "" { // the rest of the settings is the demo's own
		options.Kitchen, options.Staff = &settings.Kitchen, &settings.Staff
	}
	restaurant, err := demo.Open(p.ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, restaurant.Close()) }()
	if err := welcome(p.stdout, restaurant); err != nil {
		return err
	}
	return restaurant.Serve(p.ctx)
}

// welcome tells a visitor where everything is.
func welcome(to io.Writer, r *demo.Restaurant) error {
	guest := r.Tables[6].URL
	pages := []struct{ name, url, note string }{
		{"Guest, table 7", guest, "what a scan of the printed code opens"},
		{"Kitchen screen", r.URL + "/kitchen", "pairing code " + r.Codes[edge.RoleKitchen]},
		{"QR display", r.URL + "/display", "pairing code " + r.Codes[edge.RoleDisplay]},
		{"Owner screen", r.URL + "/owner", "pairing code " + r.Codes[edge.RoleOwner]},
	}
	var blocks [][]string
	for _, page := range pages {
		code, err := display.QRTerminal(page.url)
		if err != nil {
			return fmt.Errorf("draw the code of %s: %w", page.url, err)
		}
		blocks = append(blocks, append([]string{page.name}, strings.Split(strings.TrimRight(code, "\n"), "\n")...))
	}
	var out bytes.Buffer
	for i := 0; i < len(blocks); i += 2 {
		beside(&out, blocks[i], blocks[i+1])
	}
	fmt.Fprintln(&out, "A whole restaurant is open on this machine.")
	fmt.Fprintln(&out)
	for _, page := range pages {
		fmt.Fprintf(&out, "  %-15s %s\n  %-15s %s\n", page.name, page.url, "", page.note)
	}
	fmt.Fprintf(&out, "  %-15s %s\n  %-15s %s\n", "Telegram", r.TelegramURL, "", "simulated phones of guests")
	fmt.Fprintf(&out, "  %-15s %s\n  %-15s %s\n", "Desk", r.DeskURL, "", "tap simulated tags, cut Telegram off, see the counter's display")
	fmt.Fprintf(&out, "\nTap from a second terminal: comanda demo tap --table 7\nCtrl-C closes the restaurant and leaves nothing behind.\n")
	_, err := to.Write(out.Bytes())
	return err
}

// beside prints two blocks of lines next to each other.
func beside(out *bytes.Buffer, left, right []string) {
	width := 0
	for _, line := range left {
		width = max(width, columns(line))
	}
	for i := range max(len(left), len(right)) {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		fmt.Fprintf(out, "%s%s   %s\n", l, strings.Repeat(" ", width-columns(l)), r)
	}
	fmt.Fprintln(out)
}

// columns is how wide a line is on a terminal: colour sequences (ECMA-48 §5.4) take no room.
func columns(line string) int {
	n := utf8.RuneCountInString(line)
	for {
		_, rest, ok := strings.Cut(line, "\x1b[")
		if !ok {
			return n
		}
		sequence, after, ok := strings.Cut(rest, "m")
		if !ok {
			return n
		}
		n -= len(sequence) + 3
		line = after
	}
}

type demoTap struct {
	Table string `help:"The table whose tag is tapped." default:"7"`
	Desk  string `help:"Address of the running demo's desk." default:"127.0.0.1:8081"`
}

// Run implements the command.
func (c demoTap) Run(p *program) error {
	body, err := json.Marshal(map[string]string{"table": c.Table})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(p.ctx, http.MethodPost, "http://"+c.Desk+"/tap", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("tap table %s: %w", c.Table, err)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Timeout: 5 * time.Second}).Do(req)
	if err != nil {
		return fmt.Errorf("no demo runs at %s; start one with: comanda demo: %w", c.Desk, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 500)) // the status alone says it too
		return fmt.Errorf("tap table %s: %s", c.Table, strings.TrimSpace(string(text)))
	}
	fmt.Fprintf(p.stdout, "tapped the tag of table %s; look at the display\n", c.Table)
	return nil
}
