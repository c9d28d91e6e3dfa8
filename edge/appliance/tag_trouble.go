package appliance

import (
	"context"
	"errors"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
	"github.com/comanda-pos/comanda/hardware/nfc/ntag424"
	"github.com/comanda-pos/comanda/hardware/nfc/type2"
)

// What can be wrong with a tag besides what its driver says.
var (
	errPhone       = errors.New("this is a phone, or a card that hides its number")
	errUnsupported = errors.New("this tag is of a kind that cannot be set up")
	errOtherKeys   = errors.New("the device uses another tags.secret than this program")
)

// troubleOf pairs an error with what a person is told.
type troubleOf struct {
	err          error
	code         string
	text, advice string
}

const (
	adviceAgain   = "Hold the same tag to the reader again, and keep it still until it is done."
	adviceAnother = "Take another tag."
)

// tagTroubles is looked through in order: the more telling ones come first.
func tagTroubles() []troubleOf {
	return []troubleOf{
		{errPhone, "phone", "This is a phone, or a card that hides its number.", "Hold a tag to the reader, and keep phones away."},
		{ntag424.ErrRandomID, "random_id", "This tag hides its number, which cannot be undone.", adviceAnother},
		{ntag424.ErrLRP, "lrp", "This tag is in LRP mode, which is not supported and cannot be undone.", adviceAnother},
		{ntag424.ErrCopy, "not_genuine", "This tag does not carry its maker's signature: it may be an imitation.", "Take a tag from another dealer, or allow copies if you trust this one."},
		{type2.ErrNotGenuine, "not_genuine", "This tag does not carry its maker's signature: it may be an imitation.", "Take a tag from another dealer, or allow copies if you trust this one."},
		{ntag424.ErrForeign, "foreign", "This tag carries keys that are not this house's. Nothing was changed on it.", "If it is one of yours, put the right tags.secret back; else take another tag."},
		{type2.ErrForeign, "foreign", "This tag is behind a password that is not this house's. Nothing was changed on it.", "If it is one of yours, put the right tags.secret back; else take another tag."},
		{ntag424.ErrLocked, "locked", "One of this tag's keys cannot be used any more.", adviceAnother},
		{ntag424.ErrSettings, "locked", "The settings of this tag cannot be changed any more.", adviceAnother},
		{ntag424.ErrUsedUp, "used_up", "This tag was set up so often that it has no new keys left.", adviceAnother},
		{ntag424.ErrDelay, "delay", "This tag takes a pause, because somebody tried wrong keys.", "Leave it on the reader for a minute, then take it away and hold it there again."},
		{type2.ErrNoPassword, "no_password", "This tag cannot be protected: it knows no passwords, or this reader does not pass them on.", "Take an NTAG213, 215, 216 or 424 DNA, or another reader. A tag without protection can be rewritten by any guest."},
		{type2.ErrProtected, "protected", "This tag is locked against changes.", adviceAnother},
		{type2.ErrTooLong, "too_long", "The house's address does not fit onto this tag.", "Take a larger tag, or a shorter base_url in the settings."},
		{ntag424.ErrTooLong, "too_long", "The house's address does not fit onto this tag.", "Set a shorter base_url in the settings."},
		{type2.ErrNotFormatted, "unsupported", "This tag is not prepared for addresses.", "Take an NTAG213, 215, 216 or 424 DNA."},
		{ntag424.ErrNotDNA, "unsupported", "This tag is of a kind that cannot be set up.", "Take an NTAG213, 215, 216 or 424 DNA."},
		{errUnsupported, "unsupported", "This tag is of a kind that cannot be set up.", "Take an NTAG213, 215, 216 or 424 DNA."},
		{errOtherKeys, "keys", "The device uses another tags.secret than this program.", "Run the program with the settings and the data folder of the device."},
		{nfc.ErrCardSwapped, "swapped", "The tag was exchanged for another one.", adviceAgain},
		{type2.ErrSwapped, "swapped", "The tag was exchanged for another one.", adviceAgain},
		{ntag424.ErrSwapped, "swapped", "The tag was exchanged for another one.", adviceAgain},
		{nfc.ErrNoCard, "torn", "The tag was taken away too early.", adviceAgain},
		{nfc.ErrCardMute, "torn", "The tag does not answer.", "Hold it closer to the reader, and keep metal away."},
		{nfc.ErrCardReset, "torn", "Another program disturbed the tag.", adviceAgain},
		{nfc.ErrBusy, "busy", "Another program uses the reader.", "End it, and hold the tag to the reader again."},
		{nfc.ErrStuck, "stuck", "The reader does not answer.", "Take the tag away; if that does not help, unplug the reader and plug it in again."},
		{type2.ErrMismatch, "mismatch", "The tag does not give back what was written to it.", adviceAgain + " If that happens again, take another one."},
		{ntag424.ErrMismatch, "mismatch", "The tag does not give back what was written to it.", adviceAgain + " If that happens again, take another one."},
		{ntag424.ErrGarbled, "mismatch", "The tag's answers make no sense.", adviceAgain + " If that happens again, take another one."},
		{context.DeadlineExceeded, "stuck", "The tag took too long.", adviceAgain},
		{nfc.ErrUnknownReader, "reader_gone", "The reader was unplugged.", "Plug it in, and hold the tag to it again."},
		{nfc.ErrServiceLost, "reader_gone", "The reader service stopped.", "It usually comes back by itself. Hold the tag to the reader again."},
	}
}

// ExplainTag words what went wrong with a tag: what happened, and what to do about it.
func ExplainTag(err error) api.TagTrouble {
	for _, t := range tagTroubles() {
		if errors.Is(err, t.err) {
			return api.TagTrouble{Code: t.code, Text: t.text, Advice: t.advice}
		}
	}
	if refusal, ok := errors.AsType[*edge.Error](err); ok {
		return api.TagTrouble{Code: refusal.Code, Text: refusal.Message, Advice: "Take another tag, or choose another table."}
	}
	return api.TagTrouble{Code: "other", Text: "It did not work: " + err.Error() + ".", Advice: adviceAgain}
}
