package appliance

// words are what the device's own displays say, by the venue's first language. English is the fallback.
var words = map[string]map[string]string{
	"en": {
		"table":                  "Table %s",
		"scan":                   "Scan to order",
		"tag-unknown":            "Unknown tag",
		"tag-unknown-do":         "Please ask the staff",
		"no-such-table":          "This table is not set up yet",
		"badge-clocked_in":       "Welcome",
		"badge-clocked_in-do":    "You are clocked in",
		"badge-clocked_out":      "Goodbye",
		"badge-clocked_out-do":   "You are clocked out",
		"badge-again":            "Already done",
		"badge-again-do":         "That was a moment ago",
		"badge-signed_in":        "Signed in",
		"badge-signed_in-do":     "At this reader's screen",
		"badge-signed_out":       "Signed out",
		"badge-signed_out-do":    "At this reader's screen",
		"badge-approved":         "Approved",
		"badge-approved-do":      "It is done",
		"badge-not_approved":     "Not approved",
		"badge-not_approved-do":  "An owner's or manager's badge is needed",
		"badge-failed":           "Not possible",
		"badge-failed-do":        "It could not be done any more",
		"badge-room":             "Room",
		"badge-room-do":          "This is a key card",
		"badge-no":               "Badge refused",
		"badge-refused":          "Please ask the manager",
		"badge-badge_unknown":    "It is not known here",
		"badge-badge_lost":       "It was reported lost: please hand it in",
		"badge-badge_retired":    "It is not in use any more",
		"badge-badge_unproven":   "Hold it still and try again",
		"badge-person_removed":   "It is not in use any more",
		"badge-uid_random":       "Phones are no badges",
		"badge-approval_several": "Several screens wait: ask again on one",
	},
	"de": {
		"table":                  "Tisch %s",
		"scan":                   "Scannen und bestellen",
		"tag-unknown":            "Unbekannter Chip",
		"tag-unknown-do":         "Bitte fragen Sie das Personal",
		"no-such-table":          "Dieser Tisch ist noch nicht eingerichtet",
		"badge-clocked_in":       "Willkommen",
		"badge-clocked_in-do":    "Sie sind eingestempelt",
		"badge-clocked_out":      "Auf Wiedersehen",
		"badge-clocked_out-do":   "Sie sind ausgestempelt",
		"badge-again":            "Schon erledigt",
		"badge-again-do":         "Das war eben erst",
		"badge-signed_in":        "Angemeldet",
		"badge-signed_in-do":     "Am Bildschirm dieses Lesers",
		"badge-signed_out":       "Abgemeldet",
		"badge-signed_out-do":    "Am Bildschirm dieses Lesers",
		"badge-approved":         "Freigegeben",
		"badge-approved-do":      "Es ist erledigt",
		"badge-not_approved":     "Nicht freigegeben",
		"badge-not_approved-do":  "Dazu braucht es den Ausweis der Leitung",
		"badge-failed":           "Nicht möglich",
		"badge-failed-do":        "Es ging nicht mehr",
		"badge-room":             "Zimmer",
		"badge-room-do":          "Das ist eine Zimmerkarte",
		"badge-no":               "Ausweis abgelehnt",
		"badge-refused":          "Bitte fragen Sie die Leitung",
		"badge-badge_unknown":    "Er ist hier nicht bekannt",
		"badge-badge_lost":       "Er ist als verloren gemeldet: bitte abgeben",
		"badge-badge_retired":    "Er wird nicht mehr benutzt",
		"badge-badge_unproven":   "Ruhig halten und noch einmal versuchen",
		"badge-person_removed":   "Er wird nicht mehr benutzt",
		"badge-uid_random":       "Telefone sind keine Ausweise",
		"badge-approval_several": "Mehrere Bildschirme warten: dort neu anfragen",
	},
}

func (d *Device) say(key string) string {
	if len(d.settings.Venue.Languages) > 0 {
		if text := words[d.settings.Venue.Languages[0]][key]; text != "" {
			return text
		}
	}
	return words["en"][key]
}

// says reports whether there are words for a key.
func (d *Device) says(key string) bool { return words["en"][key] != "" }
