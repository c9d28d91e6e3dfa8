package edge

import "time"

// Stock is whether something can be sold now. The key is an item's id, "item/variant", or "+modifier". What has no
// stock record is available without limit.
type Stock struct {
	Key     string    `json:"key"`
	SoldOut bool      `json:"sold_out"`
	Left    *int      `json:"left,omitempty" doc:"Countdown: how many can still be sold; none is no limit"`
	Until   time.Time `json:"until,omitzero" doc:"When sold out ends by itself; none is by hand"`
}

// Available reports whether n can be sold at the moment at.
func (s Stock) Available(n int, at time.Time) bool {
	if s.SoldOut && (s.Until.IsZero() || at.Before(s.Until)) {
		return false
	}
	return s.Left == nil || *s.Left >= n
}

// VariantKey is the stock key of an item's variant.
func VariantKey(item, variant string) string { return item + "/" + variant }

// ModifierKey is the stock key of a modifier.
func ModifierKey(modifier string) string { return "+" + modifier }

// takeStock counts down what an order takes. Keys without a countdown are not touched.
func takeStock(tx Tx, needs []need, actor Actor, now Moment) error {
	return moveStock(tx, needs, -1, actor, now)
}

// returnStock counts up again what an order took and will not use.
func returnStock(tx Tx, needs []need, actor Actor, now Moment) error {
	return moveStock(tx, needs, 1, actor, now)
}

func moveStock(tx Tx, needs []need, sign int, actor Actor, now Moment) error {
	changed := map[string]Stock{}
	var order []string
	for _, n := range needs {
		stock, ok := changed[n.key]
		if !ok {
			var err error
			if stock, ok, err = tx.Stock(n.key); err != nil {
				return err
			}
			if !ok || stock.Left == nil {
				continue
			}
			order = append(order, n.key)
		}
		stock.Left = new(max(*stock.Left+sign*n.n, 0))
		changed[n.key] = stock
	}
	for _, key := range order {
		if err := putStock(tx, changed[key], actor, now); err != nil {
			return err
		}
	}
	return nil
}

func putStock(tx Tx, stock Stock, actor Actor, now Moment) error {
	if err := tx.PutStock(stock); err != nil {
		return err
	}
	_, err := tx.Append(newEvent(StockChanged, ID(stock.Key), actor, now, stock, &stock))
	return err
}
