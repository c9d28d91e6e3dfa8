package main

import (
	"math"
	"slices"
	"time"
)

// times are durations of the same kind of thing.
type times []time.Duration

// at is the smallest time that the share of all (0 to 1) does not exceed; 0 when there are none.
func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	i := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// median is the middle one of some numbers, the mean of the middle two; 0 when there are none.
func median(numbers []float64) float64 {
	if len(numbers) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
