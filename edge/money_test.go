package edge_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/comanda-pos/comanda/edge"
)

func TestTaxIncluded(t *testing.T) {
	tests := []struct {
		name  string
		gross int64
		rate  edge.Rate
		want  int64
	}{
		{"German food", 2930, "7", 192},
		{"German drinks", 1540, "19", 246},
		{"rounded once per document", 4306, "21", 747},
		{"British VAT", 2537, "20", 423},
		{"half away from zero", 107, "7", 7},
		{"refund", -2930, "7", -192},
		{"no tax", 2930, "0", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := edge.TaxIncluded(test.gross, test.rate)
			if err != nil || got != test.want {
				t.Errorf("TaxIncluded(%d, %s): got %d, %v; want %d", test.gross, test.rate, got, err, test.want)
			}
		})
	}
}

func TestTaxOnTop(t *testing.T) {
	tests := []struct {
		name string
		net  int64
		rate edge.Rate
		want int64
	}{
		{"New York", 3185, "8.875", 283},
		{"Japan 10 %", 1979, "10", 198},
		{"Japan 8 %", 560, "8", 45},
		{"exact half", 50, "5", 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := edge.TaxOnTop(test.net, test.rate)
			if err != nil || got != test.want {
				t.Errorf("TaxOnTop(%d, %s): got %d, %v; want %d", test.net, test.rate, got, err, test.want)
			}
		})
	}
}

func TestRatesThatAreNone(t *testing.T) {
	for _, rate := range []edge.Rate{"", "x", "-7", "7,5", "1/3", "7.", ".5", "1e3", "1000", "7.1234567", "0x7"} {
		if got, err := edge.TaxIncluded(100, rate); err == nil {
			t.Errorf("TaxIncluded(100, %q): got %d, want an error", rate, got)
		}
	}
}

func TestAllocateExamples(t *testing.T) {
	tests := []struct {
		name    string
		total   int64
		weights []int64
		want    []int64
	}{
		{"three payers", 1000, []int64{1, 1, 1}, []int64{334, 333, 333}},
		{"six payers", 27250, []int64{1, 1, 1, 1, 1, 1}, []int64{4542, 4542, 4542, 4542, 4541, 4541}},
		{"discount over rates", 500, []int64{2930, 1260}, []int64{350, 150}},
		{"nothing to weigh by", 5, []int64{0, 0}, []int64{3, 2}},
		{"negative total", -100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := edge.Allocate(test.total, test.weights)
			if err != nil {
				t.Fatalf("Allocate(%d, %v): %v", test.total, test.weights, err)
			}
			for i := range test.want {
				if got[i] != test.want[i] {
					t.Fatalf("Allocate(%d, %v): got %v, want %v", test.total, test.weights, got, test.want)
				}
			}
		})
	}
}

func TestAllocateAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-1<<50, 1<<50).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 30).Draw(t, "weights")
		parts, err := edge.Allocate(total, weights)
		if err != nil {
			t.Fatalf("Allocate(%d, %v): %v", total, weights, err)
		}
		var sum int64
		for i, p := range parts {
			sum += p
			if p != 0 && (p < 0) != (total < 0) {
				t.Fatalf("Allocate(%d, %v): part %d is %d, of the other sign", total, weights, i, p)
			}
		}
		if sum != total {
			t.Fatalf("Allocate(%d, %v): parts add up to %d", total, weights, sum)
		}
	})
}

func TestTaxNeverExceedsAndOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gross := rapid.Int64Range(0, 1<<45).Draw(t, "gross")
		rate := edge.Rate(rapid.StringMatching(`[0-9]{1,2}(\.[0-9]{1,3})?`).Draw(t, "rate"))
		tax, err := edge.TaxIncluded(gross, rate)
		if err != nil {
			t.Fatalf("TaxIncluded(%d, %s): %v", gross, rate, err)
		}
		if tax < 0 || tax > gross {
			t.Fatalf("TaxIncluded(%d, %s): got %d, outside 0…gross", gross, rate, tax)
		}
		// What was taken out comes back to within the half unit of each rounding.
		again, err := edge.TaxOnTop(gross-tax, rate)
		if err != nil || math.Abs(float64(again-tax)) > 1 {
			t.Fatalf("TaxOnTop(%d, %s): got %d, %v; want about %d", gross-tax, rate, again, err, tax)
		}
	})
}

func TestPlain(t *testing.T) {
	tests := []struct {
		money edge.Money
		want  string
	}{
		{edge.Money{Minor: 1290, Currency: "EUR"}, "12.90"},
		{edge.Money{Minor: 5, Currency: "EUR"}, "0.05"},
		{edge.Money{Minor: -5, Currency: "EUR"}, "-0.05"},
		{edge.Money{Minor: 1500, Currency: "JPY"}, "1500"},
		{edge.Money{Minor: 1234, Currency: "KWD"}, "1.234"},
		{edge.Money{Minor: math.MinInt64, Currency: "EUR"}, "-92233720368547758.08"},
	}
	for _, test := range tests {
		if got := test.money.Plain(); got != test.want {
			t.Errorf("Plain(%+v): got %q, want %q", test.money, got, test.want)
		}
	}
}
