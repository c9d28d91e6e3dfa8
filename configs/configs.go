// Package configs holds a device's settings: their documented defaults, how a file is read, and what is wrong with it.
package configs

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Default is the documented default settings file.
//
//go:embed comanda.yaml
var Default []byte

// Settings are all settings of a device.
type Settings struct {
	Venue    Venue              `yaml:"venue"`
	Server   Server             `yaml:"server"`
	Data     Data               `yaml:"data"`
	Guests   Guests             `yaml:"guests"`
	Kitchen  Kitchen            `yaml:"kitchen"`
	Codes    Codes              `yaml:"codes"`
	Readers  Readers            `yaml:"readers"`
	Staff    Staff              `yaml:"staff"`
	Displays []Display          `yaml:"displays"`
	Channels map[string]Section `yaml:"channels"`
	Log      Log                `yaml:"log"`
}

// Venue is the house.
type Venue struct {
	Name      string   `yaml:"name"`
	Currency  string   `yaml:"currency"`
	TimeZone  string   `yaml:"time_zone"`
	DayEnds   string   `yaml:"day_ends"`
	Languages []string `yaml:"languages"`
	Kitchen   string   `yaml:"kitchen_language"`
}

// Server is where the device is reached.
type Server struct {
	Listen  string   `yaml:"listen"`
	BaseURL string   `yaml:"base_url"`
	Names   []string `yaml:"names"`
}

// Data is where the device keeps things.
type Data struct {
	Directory string `yaml:"directory"`
}

// Guests is what guests may do.
type Guests struct {
	Printed          string   `yaml:"printed"`
	Recent           string   `yaml:"recent"`
	Proven           string   `yaml:"proven"`
	ScanLasts        Duration `yaml:"scan_lasts"`
	EscalateAfter    Duration `yaml:"escalate_after"`
	RejectAfter      Duration `yaml:"reject_after"`
	SessionEndsAfter Duration `yaml:"session_ends_after"`
	MaxLines         int      `yaml:"max_lines"`
	MaxQuantity      int      `yaml:"max_quantity"`
	MaxOpenOrders    int      `yaml:"max_open_orders"`
}

// Kitchen is how the kitchen gets its tickets.
type Kitchen struct {
	HoldCourses     bool     `yaml:"hold_courses"`
	NextCourse      string   `yaml:"next_course"`
	NextCourseDelay Duration `yaml:"next_course_delay"`
	ReadyTogether   bool     `yaml:"ready_together"`
	GuestsCallNext  bool     `yaml:"guests_call_next"`
	UnseenAfter     Duration `yaml:"unseen_after"`
}

// Codes is how the display's codes change.
type Codes struct {
	ChangesEvery Duration `yaml:"changes_every"`
}

// Readers chooses the contactless readers.
type Readers struct {
	Driver string   `yaml:"driver"`
	List   []Reader `yaml:"list"`
}

// Reader gives a reader a name and a role.
type Reader struct {
	Name   string `yaml:"name"`
	Match  string `yaml:"match"`
	Role   string `yaml:"role"`
	Screen string `yaml:"screen"`
}

// Staff is what the house asks of its people.
type Staff struct {
	Approve       []string `yaml:"approve"`
	ApproveWithin Duration `yaml:"approve_within"`
	SignedInFor   Duration `yaml:"signed_in_for"`
}

// Display is one display with its driver's own settings.
type Display struct {
	Name     string  `yaml:"name"`
	Table    string  `yaml:"table"`
	Driver   string  `yaml:"driver"`
	Settings Section `yaml:"settings"`
}

// Log is what the device says of itself.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// Section is a part of the file that a driver or messenger decodes itself, as YAML.
type Section []byte

// UnmarshalYAML keeps the section's text.
func (s *Section) UnmarshalYAML(node ast.Node) error {
	if node != nil && node.Type() != ast.NullType {
		*s = []byte(node.String())
	}
	return nil
}

// Duration is a time such as 90s, 10m or 3h.
type Duration time.Duration

// UnmarshalYAML reads a duration and says, in the file's words, what is wrong with it.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	text := strings.Trim(node.String(), `"' `)
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return &yaml.SyntaxError{
			Message: fmt.Sprintf("%q is not a time such as 90s, 10m or 3h", text), Token: node.GetToken(),
		}
	}
	*d = Duration(value)
	return nil
}

// Load reads the settings file at path over the defaults. The error shows the line at fault.
func Load(path string) (Settings, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	settings, err := Parse(raw)
	if err != nil {
		return Settings{}, fmt.Errorf("settings file %s: %w", path, err)
	}
	return settings, nil
}

// Parse reads settings over the defaults. Unknown keys and keys given twice are errors.
func Parse(raw []byte) (Settings, error) {
	var settings Settings
	if err := yaml.UnmarshalWithOptions(Default, &settings, yaml.Strict()); err != nil {
		return Settings{}, fmt.Errorf("default settings: %w", err)
	}
	if len(strings.TrimSpace(string(raw))) > 0 {
		if err := yaml.UnmarshalWithOptions(raw, &settings, yaml.Strict()); err != nil {
			return Settings{}, errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))
		}
	}
	if err := settings.check(); err != nil {
		return Settings{}, at(raw, err)
	}
	return settings, nil
}
