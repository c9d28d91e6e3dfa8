package main

import (
	"time"

	"github.com/comanda-pos/comanda/edge"
)

// dish is an item of the sample menu as guests order it, where it is made and how long that takes.
type dish struct {
	line     edge.LineRequest
	stations []string
	prep     time.Duration
	scarce   bool // may run out
}

func choose(item, variant string, modifiers ...string) edge.LineRequest {
	line := edge.LineRequest{Item: item, Variant: variant, Quantity: 1}
	for _, m := range modifiers {
		line.Modifiers = append(line.Modifiers, edge.ModifierRequest{ID: m})
	}
	return line
}

// stationNames are the stations of the sample menu.
func stationNames() []string { return []string{"grill", "fry", "cold", "dessert", "bar"} }

// always is a dish that never runs out.
func always() dish {
	return dish{line: choose("water", "large"), stations: []string{"bar"}, prep: 30 * time.Second}
}

// allDishes are what guests of an evening order, quickDishes what those of a stadium do.
func allDishes() []dish {
	grill, cold, dessert, bar := []string{"grill"}, []string{"cold"}, []string{"dessert"}, []string{"bar"}
	return append(quickDishes(), []dish{
		{line: choose("burger", "", "medium", "side-fries", "no-onion"), stations: []string{"grill", "fry"}, prep: 12 * time.Minute},
		{line: choose("veggie-burger", "", "side-salad"), stations: grill, prep: 12 * time.Minute},
		{line: choose("entrecote", "", "rare", "side-potatoes"), stations: grill, prep: 16 * time.Minute, scarce: true},
		{line: choose("schnitzel", "", "side-fries"), stations: []string{"grill", "cold", "fry"}, prep: 13 * time.Minute},
		{line: choose("trout", ""), stations: grill, prep: 15 * time.Minute, scarce: true},
		{line: choose("risotto", "", "no-cheese"), stations: grill, prep: 17 * time.Minute},
		{line: choose("bruschetta", ""), stations: cold, prep: 4 * time.Minute},
		{line: choose("burrata", ""), stations: cold, prep: 5 * time.Minute, scarce: true},
		{line: choose("tartare", "small"), stations: cold, prep: 7 * time.Minute, scarce: true},
		{line: choose("caesar", "", "bacon"), stations: cold, prep: 5 * time.Minute},
		{line: choose("chocolate-cake", ""), stations: dessert, prep: 8 * time.Minute},
		{line: choose("espresso", ""), stations: bar, prep: time.Minute},
		{line: choose("cappuccino", "", "oat"), stations: bar, prep: 90 * time.Second},
		{line: choose("riesling", "glass"), stations: bar, prep: 45 * time.Second},
	}...)
}

func quickDishes() []dish {
	grill, dessert, bar := []string{"grill"}, []string{"dessert"}, []string{"bar"}
	return []dish{
		always(),
		{line: choose("pils", "large"), stations: bar, prep: 90 * time.Second},
		{line: choose("lemonade", "large"), stations: bar, prep: time.Minute},
		{line: choose("soup", ""), stations: grill, prep: 3 * time.Minute},
		{line: choose("sorbet", "three"), stations: dessert, prep: 2 * time.Minute},
	}
}
