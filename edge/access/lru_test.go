package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLRUAgreesWithAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 5).Draw(t, "size")
		l := newLRU[int, int](size)
		var model [][2]int // newest last
		drop := func(key int) { model = slices.DeleteFunc(model, func(e [2]int) bool { return e[0] == key }) }
		for range rapid.IntRange(0, 50).Draw(t, "steps") {
			key, value := rapid.IntRange(0, 8).Draw(t, "key"), rapid.Int().Draw(t, "value")
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				l.remove(key)
				drop(key)
			case 1:
				l.clear()
				model = nil
			case 2, 3, 4:
				got, ok := l.get(key)
				i := slices.IndexFunc(model, func(e [2]int) bool { return e[0] == key })
				if ok != (i >= 0) || (ok && got != model[i][1]) {
					t.Fatalf("get(%d) = %d %t, model %v", key, got, ok, model)
				}
				if ok {
					e := model[i]
					drop(key)
					model = append(model, e)
				}
			default:
				l.put(key, value)
				drop(key)
				model = append(model, [2]int{key, value})
				if len(model) > size {
					model = model[1:]
				}
			}
			if l.len() != len(model) || len(l.items) != len(model) {
				t.Fatalf("len = %d and %d, want %d", l.len(), len(l.items), len(model))
			}
		}
	})
}
