package channel

import (
	"errors"
	"fmt"
	"strings"
)

// LinkKind says what an entry link opens.
type LinkKind int

// The kinds of entry links.
const (
	// OpensMiniApp opens our page inside the messenger.
	OpensMiniApp LinkKind = iota + 1
	// OpensChat opens the conversation.
	OpensChat
)

// Link is a way into a conversation that can be printed, shown or written to a tag.
type Link struct {
	Kind LinkKind
	URL  string
}

// ErrToken is wrapped for a token that no entry link would carry unchanged.
var ErrToken = errors.New("token cannot travel in a link")

const tokenCharset = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

// CheckToken says whether a token has 1 to most characters of [A-Za-z0-9_-], the set every messenger carries unchanged. The
// error does not repeat the token.
func CheckToken(token string, most int) error {
	if n := len(token); n < 1 || n > most {
		return fmt.Errorf("%w: it has %d characters, 1 to %d are allowed", ErrToken, n, most)
	}
	if strings.ContainsFunc(token, foreign) {
		return fmt.Errorf("%w: it has characters outside A-Z a-z 0-9 _ -", ErrToken)
	}
	return nil
}

func foreign(r rune) bool { return !strings.ContainsRune(tokenCharset, r) }
