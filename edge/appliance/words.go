package appliance

// words are what the device's own displays say, by the venue's first language. English is the fallback.
var words = map[string]map[string]string{
	"en": {
		"table":          "Table %s",
		"scan":           "Scan to order",
		"tag-unknown":    "Unknown tag",
		"tag-unknown-do": "Please ask the staff",
		"no-such-table":  "This table is not set up yet",
	},
	"de": {
		"table":          "Tisch %s",
		"scan":           "Scannen und bestellen",
		"tag-unknown":    "Unbekannter Chip",
		"tag-unknown-do": "Bitte fragen Sie das Personal",
		"no-such-table":  "Dieser Tisch ist noch nicht eingerichtet",
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
