package access

import "container/list"

// lru is a map that forgets what was used longest ago when it holds more than size entries. It is not safe for
// use from several goroutines.
type lru[K comparable, V any] struct {
	size  int
	order *list.List // of entry, newest first
	items map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](size int) *lru[K, V] {
	return &lru[K, V]{size: max(size, 1), order: list.New(), items: map[K]*list.Element{}}
}

func (l *lru[K, V]) get(key K) (V, bool) {
	element, ok := l.items[key]
	if !ok {
		var zero V
		return zero, false
	}
	l.order.MoveToFront(element)
	return element.Value.(entry[K, V]).value, true
}

func (l *lru[K, V]) put(key K, value V) {
	if element, ok := l.items[key]; ok {
		element.Value = entry[K, V]{key, value}
		l.order.MoveToFront(element)
		return
	}
	l.items[key] = l.order.PushFront(entry[K, V]{key, value})
	if l.order.Len() > l.size {
		oldest := l.order.Back()
		l.order.Remove(oldest)
		delete(l.items, oldest.Value.(entry[K, V]).key)
	}
}

func (l *lru[K, V]) remove(key K) {
	if element, ok := l.items[key]; ok {
		l.order.Remove(element)
		delete(l.items, key)
	}
}

func (l *lru[K, V]) clear() {
	l.order.Init()
	clear(l.items)
}

func (l *lru[K, V]) len() int { return l.order.Len() }
