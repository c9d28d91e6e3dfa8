package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report writes what was measured as Markdown.
type report struct {
	out io.Writer
	log io.Writer
}

func (r *report) line(format string, args ...any) { fmt.Fprintf(r.out, format+"\n", args...) }

// remove removes a folder this program has made; what is left behind is told, not a failure.
func (r *report) remove(dir string) {
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(r.log, "clean up:", err)
	}
}

// head says what was measured, when and on what.
func (b *bench) head(ctx context.Context) error {
	version, err := exec.CommandContext(ctx, b.binary, "version").Output()
	if err != nil {
		return fmt.Errorf("ask %s for its version: %w", b.binary, err)
	}
	b.line("# comanda under load\n")
	b.line("%s, %s, %s. %s.", time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(version)), runtime.Version(), machine(b.dir))
	b.line("Clients, screens and server share this machine.")
	return nil
}

func (r *report) floorHead() {
	r.line("The floor is the smallest server with the same durability:")
	r.line("parse the order, one row in a shared FULL commit, one frame to each screen, answer. It has no rules, prices,")
	r.line("tickets, keys or journal. Both get the same orders (four lines, two stations) from the same client code.")
}

// series is the same measurement several times.
type series struct {
	rates         []float64
	answer, frame times
	unseen        int
	orders        int
	cpu           time.Duration
}

func (s *series) add(r result) {
	s.rates = append(s.rates, r.rate)
	s.answer, s.frame = append(s.answer, r.answer...), append(s.frame, r.frame...)
	s.unseen += r.unseen
	s.orders, s.cpu = s.orders+r.orders, s.cpu+r.cpu
}

func (r *report) throughputHead() {
	r.line("\n## Throughput and latency\n")
	r.line("Orders per second are durable and acknowledged. Times in ms are p50 / p99, from sending the order to its")
	r.line("acknowledgement, and to its frame at each screen; CPU is the server's processor time per order. Ratios are")
	r.line("comanda over floor.\n")
	r.line("| clients | screens | floor orders/s | comanda orders/s | ratio | floor answer | comanda answer | ratio | floor frame | comanda frame | ratio | floor CPU | comanda CPU |")
	r.line("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
}

func (r *report) throughputRow(clients, screens int, floor, device series) {
	f, d := median(floor.rates), median(device.rates)
	r.line("| %d | %d | %.0f | %.0f | %.2f | %s | %s | %s | %s | %s | %s | %s | %s |", clients, screens, f, d, d/f,
		pair(floor.answer), pair(device.answer), ratios(device.answer, floor.answer),
		pair(floor.frame), pair(device.frame), ratios(device.frame, floor.frame), floor.perOrder(), device.perOrder())
	for name, s := range map[string]series{"floor": floor, "comanda": device} {
		if s.unseen > 0 {
			fmt.Fprintf(r.log, "%s, %d clients, %d screens: %d frames came late or not at all\n", name, clients, screens, s.unseen)
		}
	}
}

// perOrder is the processor time of one order.
func (s series) perOrder() string { return ms(s.cpu / time.Duration(max(s.orders, 1))) }

func (r *report) rowsHead() {
	r.line("\nThe floor with more rows (64 clients, 10 screens): each order written as often as a device writes rows for it.\n")
	r.line("| rows an order | orders/s | answer p50 / p99 | CPU |")
	r.line("|--:|--:|--:|--:|")
}

func (r *report) rowsRow(rows int, s series) {
	r.line("| %d | %.0f | %s | %s |", rows, median(s.rates), pair(s.answer), s.perOrder())
}

func pair(t times) string { return ms(t.at(0.5)) + " / " + ms(t.at(0.99)) }

func (r *report) steadyHead() {
	r.line("\n## Latency at a steady pace\n")
	r.line("The same times in ms, p50 / p99, when twenty clients together send so many orders a second.\n")
	r.line("| orders/s | screens | floor answer | comanda answer | ratio | floor frame | comanda frame | ratio |")
	r.line("|--:|--:|--:|--:|--:|--:|--:|--:|")
}

func (r *report) steadyRow(pace, screens int, floor, device series) {
	r.line("| %d | %d | %s | %s | %s | %s | %s | %s |", pace, screens,
		pair(floor.answer), pair(device.answer), ratios(device.answer, floor.answer),
		pair(floor.frame), pair(device.frame), ratios(device.frame, floor.frame))
}

func ratios(a, b times) string {
	share := func(s float64) string { return fmt.Sprintf("%.2f", a.at(s).Seconds()/b.at(s).Seconds()) }
	return share(0.5) + " / " + share(0.99)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }

func (r *report) slowHead(delay time.Duration) {
	r.line("\n## A slow disk\n")
	r.line("The same with 64 clients and 10 screens when every sync of the disk takes %s longer.\n", delay)
	r.line("| | orders/s | against a commit for every order | answer p50 / p99 (ms) |")
	r.line("|---|--:|--:|--:|")
}

func (r *report) slowRow(what string, result result, single float64) {
	r.line("| %s | %.0f | %.1f × | %s |", what, result.rate, result.rate/single, pair(result.answer))
}

func (r *report) memoryHead() {
	r.line("\n## Memory\n")
	r.line("| the device's resident memory | MB |")
	r.line("|---|--:|")
}

func (r *report) memoryRow(when string, bytes int64) {
	r.line("| %s | %.1f |", when, float64(bytes)/1e6)
}

func (r *report) startHead(orders int, took time.Duration, size int64) {
	r.line("\n## Start with a history\n")
	r.line("%d orders of the past (a file of %.0f MB, made in %s).\n", orders, float64(size)/1e6, took.Round(time.Second))
	r.line("| | ms |")
	r.line("|---|--:|")
}

func (r *report) startRow(what string, took time.Duration) { r.line("| %s | %s |", what, ms(took)) }

func (r *report) sizeRows(weight page, missing error, program int64) {
	r.line("\n## Sizes\n")
	r.line("| | KB |")
	r.line("|---|--:|")
	if missing != nil {
		r.line("| guest's page, gzip | %v |", missing)
	} else {
		r.line("| guest's page with menu, %d files, gzip | %.1f |", weight.files, float64(weight.bytes)/1e3)
	}
	r.line("| program | %.0f |", float64(program)/1e3)
}

// fileSize is a file's size in bytes, 0 when it cannot be told.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
