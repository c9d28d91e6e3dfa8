package conversation

import (
	"math"
	"slices"

	"golang.org/x/text/currency"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/comanda-pos/comanda/edge"
)

// money writes an amount as people of the speaker's language do: €12.90, 12,90 €. x/text knows the digits, the
// separators and the symbols of a language but not on which side the symbol stands.
func (s speaker) money(m edge.Money) string {
	unit, err := currency.ParseISO(m.Currency)
	if err != nil {
		return m.Plain() + " " + m.Currency
	}
	digits, _ := currency.Standard.Rounding(unit)
	p := message.NewPrinter(s.tag)
	// A float64 holds minor units exactly up to 2^53, far beyond any bill, and is rounded to the unit's own digits.
	amount := p.Sprint(number.Decimal(math.Abs(float64(m.Minor))/math.Pow10(digits), number.Scale(digits)))
	symbol := p.Sprint(currency.Symbol(unit))
	sign := ""
	if m.Minor < 0 {
		sign = "-"
	}
	if !s.symbolFirst() {
		return sign + amount + "\u00a0" + symbol
	}
	if len(symbol) > 0 && symbol[len(symbol)-1] <= 'Z' && symbol[len(symbol)-1] >= 'A' {
		symbol += "\u00a0" // letters need room: CHF 12.90
	}
	return sign + symbol + amount
}

// symbolFirst says whether the language writes the currency before the amount (CLDR, standard currency patterns).
func (s speaker) symbolFirst() bool {
	base, _ := s.tag.Base()
	return slices.Contains([]string{"en", "ja", "ko", "nl", "th", "tr", "zh"}, base.String())
}
