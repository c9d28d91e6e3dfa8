package edge

// Totals is what an order or a bill comes to.
type Totals struct {
	Currency string      `json:"currency"`
	Gross    int64       `json:"gross" doc:"What the guest pays, minor units"`
	Tax      int64       `json:"tax" doc:"The tax in it, minor units"`
	Rates    []TaxBucket `json:"rates,omitempty"`
}

// TaxBucket is the part of a total that is taxed at one rate. Net + Tax = Gross.
type TaxBucket struct {
	Rate  Rate  `json:"rate"`
	OnTop bool  `json:"on_top,omitempty"`
	Net   int64 `json:"net"`
	Tax   int64 `json:"tax"`
	Gross int64 `json:"gross"`
}

// total adds up lines: gross per rate, then the tax of each rate rounded once. Cancelled units do not count.
func total(currency string, lines []Line) (Totals, error) {
	totals := Totals{Currency: currency}
	for _, line := range lines {
		amount := line.Unit * int64(line.Quantity-line.Cancelled)
		bucket := totals.bucket(line.Rate, line.OnTop)
		sum, ok := add(bucket.Gross, amount)
		if !ok {
			return Totals{}, invalid("lines", "quantity_invalid", "This is more than can be ordered at once.")
		}
		bucket.Gross = sum
	}
	for i := range totals.Rates {
		if err := totals.Rates[i].tax(); err != nil {
			return Totals{}, err
		}
		totals.Gross += totals.Rates[i].Gross
		totals.Tax += totals.Rates[i].Tax
	}
	return totals, nil
}

func (t *Totals) bucket(rate Rate, onTop bool) *TaxBucket {
	for i := range t.Rates {
		if t.Rates[i].Rate == rate && t.Rates[i].OnTop == onTop {
			return &t.Rates[i]
		}
	}
	t.Rates = append(t.Rates, TaxBucket{Rate: rate, OnTop: onTop})
	return &t.Rates[len(t.Rates)-1]
}

// tax splits the bucket's sum of prices, which stands in Gross: with tax included Gross stays and Net is what is
// left of it, with tax on top the sum is the Net and Gross grows.
func (b *TaxBucket) tax() error {
	var err error
	if b.OnTop {
		b.Net = b.Gross
		b.Tax, err = TaxOnTop(b.Net, b.Rate)
		b.Gross = b.Net + b.Tax
		return err
	}
	b.Tax, err = TaxIncluded(b.Gross, b.Rate)
	b.Net = b.Gross - b.Tax
	return err
}

// DayTotals is what a business day has come to so far.
type DayTotals struct {
	Orders int   `json:"orders"`
	Gross  int64 `json:"gross" doc:"Minor units"`
}
