package web

import (
	"strconv"
	"strings"
)

// identity is the coding of a file as it is (RFC 9110 §8.4.1).
const identity = "identity"

// choose picks the smallest form the browser takes (RFC 9110 §12.5.3): brotli, then gzip, then the plain file.
func choose(accept string, forms map[string][]byte) string {
	for _, coding := range []string{"br", "gzip"} {
		if forms[coding] != nil && accepts(accept, coding) {
			return coding
		}
	}
	return identity
}

// accepts reports whether the header allows the coding; "*" speaks for those that are not named.
func accepts(header, coding string) bool {
	named, star := false, false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		wanted := quality(params) > 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case coding:
			return wanted
		case "*":
			named, star = true, wanted
		}
	}
	return named && star
}

// quality reads the weight of a choice; one that cannot be read counts as refused.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(param), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0
		}
		return q
	}
	return 1
}
