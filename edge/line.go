package edge

// Line is one dish of an order, with everything about it as it was when it was ordered.
type Line struct {
	Item        string         `json:"item"`
	Variant     string         `json:"variant,omitempty"`
	Name        Words          `json:"name"`
	VariantName Words          `json:"variant_name,omitempty"`
	KitchenName string         `json:"kitchen_name"`
	Quantity    int            `json:"quantity"`
	Unit        int64          `json:"unit" doc:"Price of one with its modifiers, minor units"`
	Gross       int64          `json:"gross" doc:"unit × quantity, minor units"`
	Modifiers   []LineModifier `json:"modifiers,omitempty"`
	Tax         string         `json:"tax"`
	Rate        Rate           `json:"rate"`
	OnTop       bool           `json:"on_top,omitempty"`
	Stations    []string       `json:"stations"`
	Course      int            `json:"course,omitempty"`
	Prep        int            `json:"prep_seconds,omitempty"`
	Allergens   []Allergen     `json:"allergens,omitempty"`
	Note        string         `json:"note,omitempty"`
	// Cancelled is how many of Quantity were taken off again; they are not paid.
	Cancelled int `json:"cancelled,omitempty"`
}

// LineModifier is a change to a line as it was when it was ordered.
type LineModifier struct {
	ID          string `json:"id"`
	Name        Words  `json:"name"`
	KitchenName string `json:"kitchen_name"`
	Removal     bool   `json:"removal,omitempty"`
	Quantity    int    `json:"quantity"`
	Price       int64  `json:"price" doc:"What all of it adds to one unit, minor units"`
}
