package conversation

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comanda-pos/comanda/edge"
)

// Beside the cards of a lane the store keeps a few small notes about it under subjects that are no ids. They share
// the life of the cards: when the store forgets old cards, nothing is lost but a convenience.
const (
	noteLink  edge.ID = "link"  // the link the guest was given, see linkNote
	noteGone  edge.ID = "gone"  // since when the guest cannot be reached; empty when they can
	noteMoved edge.ID = "moved" // the conversation's new name
)

// told is the subject of the note about what a lane was last told about a thing.
func told(subject edge.ID) edge.ID { return subject + ":told" }

// note reads a note, "" when there is none.
func note(view edge.View, lane string, subject edge.ID) (string, error) {
	card, err := view.Card(lane, subject)
	if errors.Is(err, edge.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read what is known of a conversation: %w", err)
	}
	return card.Ref, nil
}

func putNote(tx edge.Tx, lane string, subject edge.ID, text string) error {
	return tx.PutCard(edge.Card{Lane: lane, Subject: subject, Ref: text})
}

// linkNote is the link a guest was given. The key is kept in the clear, unlike the guest's own record, because the
// same link must be shown again when the guest asks for it: a new key would sign out the page they have open. The
// messenger has the key in the clear too, in the message itself.
type linkNote struct {
	Guest edge.ID `json:"guest"`
	Token string  `json:"token"`
	Key   string  `json:"key"`
}

func readLink(view edge.View, lane string) (linkNote, error) {
	text, err := note(view, lane, noteLink)
	if err != nil || text == "" {
		return linkNote{}, err
	}
	var link linkNote
	if err := json.Unmarshal([]byte(text), &link); err != nil {
		return linkNote{}, nil //nolint:nilerror // a note nobody can read is no note; the guest gets a new link
	}
	return link, nil
}

func putLink(tx edge.Tx, lane string, link linkNote) error {
	text, err := json.Marshal(link)
	if err != nil {
		return fmt.Errorf("keep link: %w", err)
	}
	return putNote(tx, lane, noteLink, string(text))
}

// toldNote is what a lane was last told about a thing: a digest of the words, the alert that already made the phone
// sound, and the delay that was already told.
type toldNote struct {
	Digest string `json:"digest"`
	Alert  string `json:"alert,omitempty"`
	Delay  string `json:"delay,omitempty"`
}

// knows reports whether the alert was told.
func (n toldNote) knows(a alert) bool {
	if a.delay {
		return n.Delay == a.mark
	}
	return n.Alert == a.mark
}

// with is the note after the alert was told.
func (n toldNote) with(a alert) toldNote {
	if a.delay {
		n.Delay = a.mark
	} else {
		n.Alert = a.mark
	}
	return n
}

func readTold(view edge.View, lane string, subject edge.ID) (toldNote, error) {
	text, err := note(view, lane, told(subject))
	if err != nil || text == "" {
		return toldNote{}, err
	}
	var n toldNote
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return toldNote{}, nil //nolint:nilerror // a note nobody can read is no note; the worst is a repeated edit
	}
	return n, nil
}

func putTold(tx edge.Tx, lane string, subject edge.ID, n toldNote) error {
	text, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("keep what was told: %w", err)
	}
	return putNote(tx, lane, told(subject), string(text))
}
