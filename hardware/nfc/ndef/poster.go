package ndef

const typePoster = "Sp"

// SmartPoster is an address with titles (NFC Forum Smart Poster RTD 1.1).
type SmartPoster struct {
	URI    string
	Titles []Text
}

// SmartPoster returns the content of a smart poster record: a message inside a record, with exactly one address. A
// smart poster inside a smart poster is not followed. Titles that cannot be read are left out.
func (r Record) SmartPoster() (SmartPoster, error) {
	if r.TNF != WellKnown || r.Type != typePoster {
		return SmartPoster{}, ErrNotThis
	}
	inner, err := Parse(r.Payload)
	if err != nil {
		return SmartPoster{}, err
	}
	var poster SmartPoster
	for _, part := range inner {
		if part.TNF == WellKnown && part.Type == typeURI {
			if poster.URI != "" {
				return SmartPoster{}, &SyntaxError{Reason: "a smart poster with two addresses"}
			}
			if poster.URI, err = part.URI(); err != nil {
				return SmartPoster{}, err
			}
		}
		if title, err := part.Text(); err == nil {
			poster.Titles = append(poster.Titles, title)
		}
	}
	if poster.URI == "" {
		return SmartPoster{}, &SyntaxError{Reason: "a smart poster without an address"}
	}
	return poster, nil
}
