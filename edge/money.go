package edge

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/currency"
)

// Money is an amount in the minor units of a currency: cents for EUR, whole yen for JPY (ISO 4217).
type Money struct {
	Minor    int64  `json:"minor" doc:"Amount in minor units (cents for EUR, whole yen for JPY)"`
	Currency string `json:"currency" doc:"ISO 4217 code" example:"EUR"`
}

// CurrencyDigits is the number of digits after the decimal point that prices in the currency have: 2 for EUR, 0
// for JPY, 3 for KWD. It errs on codes ISO 4217 does not know.
func CurrencyDigits(code string) (int, error) {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 0, fmt.Errorf("currency %q is not in ISO 4217", code)
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale, nil
}

// Plain writes the amount with a point and the currency's digits, without the currency: "12.90". It is for
// documents that machines read; people see amounts formatted for their language.
func (m Money) Plain() string {
	digits, err := CurrencyDigits(m.Currency)
	if err != nil {
		digits = 2
	}
	sign, abs := "", big.NewInt(m.Minor)
	if abs.Sign() < 0 {
		sign, abs = "-", abs.Neg(abs)
	}
	text := abs.String()
	if digits == 0 {
		return sign + text
	}
	if len(text) <= digits {
		text = strings.Repeat("0", digits-len(text)+1) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}

// Rate is a percentage as a decimal string, never a float: "19", "8.875".
type Rate string

const maxRateDigits = 6

// rat is the rate divided by one hundred.
func (r Rate) rat() (*big.Rat, error) {
	text := string(r)
	whole, frac, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 3 || len(frac) > maxRateDigits || strings.Trim(whole+frac, "0123456789") != "" ||
		strings.HasSuffix(text, ".") {
		return nil, fmt.Errorf("rate %q is not a percentage such as 19 or 8.875", text)
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, fmt.Errorf("rate %q is not a percentage such as 19 or 8.875", text)
	}
	return value.Quo(value, big.NewRat(100, 1)), nil
}

// TaxIncluded is the tax contained in gross at the rate, rounded once to the minor unit, half away from zero:
// gross × r ÷ (1 + r).
func TaxIncluded(gross int64, rate Rate) (int64, error) {
	r, err := rate.rat()
	if err != nil {
		return 0, err
	}
	divisor := new(big.Rat).Add(big.NewRat(1, 1), r)
	return round(new(big.Rat).Quo(new(big.Rat).Mul(intRat(gross), r), divisor))
}

// TaxOnTop is the tax to be added to net at the rate, rounded once to the minor unit, half away from zero.
func TaxOnTop(net int64, rate Rate) (int64, error) {
	r, err := rate.rat()
	if err != nil {
		return 0, err
	}
	return round(new(big.Rat).Mul(intRat(net), r))
}

func intRat(v int64) *big.Rat { return new(big.Rat).SetInt64(v) }

// round rounds half away from zero.
func round(v *big.Rat) (int64, error) {
	half := big.NewRat(1, 2)
	abs := new(big.Rat).Abs(v)
	abs.Add(abs, half)
	whole := new(big.Int).Quo(abs.Num(), abs.Denom())
	if v.Sign() < 0 {
		whole.Neg(whole)
	}
	if !whole.IsInt64() {
		return 0, fmt.Errorf("amount is out of range")
	}
	return whole.Int64(), nil
}

// Allocate splits total over the weights by largest remainder, so that the parts add up to total exactly. Ties go
// to the earlier part. All-zero weights count as equal ones. Weights must not be negative.
func Allocate(total int64, weights []int64) ([]int64, error) {
	if len(weights) == 0 {
		return nil, fmt.Errorf("allocate %d: no parts", total)
	}
	sum := new(big.Int)
	for _, w := range weights {
		if w < 0 {
			return nil, fmt.Errorf("allocate %d: negative weight %d", total, w)
		}
		sum.Add(sum, big.NewInt(w))
	}
	if sum.Sign() == 0 {
		return Allocate(total, slices.Repeat([]int64{1}, len(weights)))
	}
	return largestRemainder(total, weights, sum), nil
}

func largestRemainder(total int64, weights []int64, sum *big.Int) []int64 {
	parts := make([]int64, len(weights))
	rests := make([]*big.Int, len(weights))
	order := make([]int, len(weights))
	left := total
	for i, w := range weights {
		product := new(big.Int).Mul(big.NewInt(total), big.NewInt(w))
		part, rest := new(big.Int).QuoRem(product, sum, new(big.Int))
		parts[i], rests[i], order[i] = part.Int64(), rest.Abs(rest), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	step := int64(1)
	if left < 0 {
		step = -1
	}
	for i := 0; left != 0; i++ {
		parts[order[i%len(order)]] += step
		left -= step
	}
	return parts
}

// mul multiplies without overflow.
func mul(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	c := a * b
	if c/b != a || (a == math.MinInt64 && b == -1) {
		return 0, false
	}
	return c, true
}

// add adds without overflow.
func add(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0)
}
