// Package pcsc reaches contactless readers through PC/SC: the pcscd service on Linux and the driver of whatever reader is
// plugged in. It is the only package that knows the PC/SC binding.
//
// The build tag nopcsc, or a build without cgo, leaves the binding out; a [Backend] then says so and does nothing else.
package pcsc

import "strings"

// usable leaves out the slots for contact modules that some contactless readers have beside their antenna.
func usable(names []string) []string {
	out := make([]string, 0, len(names))
	for _, name := range names {
		if !strings.Contains(name, "SAM") {
			out = append(out, name)
		}
	}
	return out
}
