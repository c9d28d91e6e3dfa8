package channel

import (
	"time"
	"unicode/utf8"
)

// Capabilities are the facts about a messenger that decide how something is said.
type Capabilities struct {
	// MiniApp: our page opens inside the messenger and learns provably who the guest is (see Identifier).
	MiniApp bool
	// HiddenStartToken: the token in an entry link arrives without the guest seeing or editing it.
	HiddenStartToken bool
	// StartTokenMax is the longest token an entry link carries, in characters of [A-Za-z0-9_-]; 0 means none.
	StartTokenMax int
	// EditMessage: the channel is an Editor.
	EditMessage bool
	// WebButton: a button may open a page inside the messenger. LinkButton: in a browser.
	WebButton, LinkButton bool
	// CallbackButton: a button may send data back. MaxCallbackBytes is how much.
	CallbackButton   bool
	MaxCallbackBytes int
	// QuickReplies is how many one-tap answers may accompany any text; 0 means none.
	QuickReplies int
	// MaxButtons is how many buttons one message shows. A limit of 0 means none is known.
	MaxButtons int
	// MaxText limits Title and Text together, MaxLabel a button's label.
	MaxText, MaxLabel Limit
	// Silent: messages can be delivered without a sound.
	Silent bool
	// NativeCart: guests may send a CartSent. Carousel: several cards beside each other. Flow: forms inside the chat.
	NativeCart, Carousel, Flow bool
	// PayInChat: the platform can take the money itself.
	PayInChat bool
	// ReplyWindow is how long after the guest's last word we may write freely; 0 means without limit.
	ReplyWindow time.Duration
	// Price says what sending costs the restaurant.
	Price PriceClass
}

// PriceClass says how a platform charges for what we send.
type PriceClass int

// The price classes, cheapest first.
const (
	// Free messages cost nothing.
	Free PriceClass = iota
	// FreeReplies: answers cost nothing, messages out of the blue are paid or counted.
	FreeReplies
	// Metered: each message is paid or counted against a quota.
	Metered
)

// Unit is what a platform counts when it says "characters".
type Unit int

// The units platforms count in.
const (
	Runes Unit = iota
	UTF16
	Bytes
)

// Limit is the greatest length of a text. Max 0 means no limit.
type Limit struct {
	Max  int
	Unit Unit
}

// Len measures s in the limit's unit.
func (l Limit) Len(s string) int {
	n := 0
	for _, r := range s {
		n += l.width(r)
	}
	return n
}

func (l Limit) width(r rune) int {
	switch {
	case l.Unit == Bytes:
		return utf8.RuneLen(r)
	case l.Unit == UTF16 && r > 0xFFFF:
		return 2
	default:
		return 1
	}
}

// Fits says whether s is within the limit.
func (l Limit) Fits(s string) bool { return l.Max == 0 || l.Len(s) <= l.Max }

// Cut returns s if it fits, and otherwise its beginning with an ellipsis, cut between characters. Invalid UTF-8 becomes the
// replacement character, so that the result can always be sent.
func (l Limit) Cut(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	if l.Fits(s) {
		return s
	}
	const ellipsis = '…'
	room, end := l.Max-l.width(ellipsis), 0
	if room < 0 {
		return ""
	}
	for i, r := range s {
		if room -= l.width(r); room < 0 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	return s[:end] + string(ellipsis)
}
