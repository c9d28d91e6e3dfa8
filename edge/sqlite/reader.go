package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/comanda-pos/comanda/edge"
)

// Reader reads a restaurant's file, also while another process writes it.
type Reader struct {
	path  string
	menus *menus
	idle  chan *link // as many as there are connections
	gone  chan struct{}
	once  sync.Once
}

// OpenReadOnly opens the file at path for looking only; the daemon may run meanwhile. It errs like [Open], except
// that it neither needs nor takes the lock, and that a file of an older version is refused too. The caller closes
// the reader.
func OpenReadOnly(ctx context.Context, path string) (*Reader, error) {
	r, err := openReadOnly(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	return r, nil
}

func openReadOnly(ctx context.Context, path string) (*Reader, error) {
	if err := checkHeader(path); err != nil {
		return nil, err
	}
	if err := checkCurrent(ctx, path); err != nil {
		return nil, explain(err)
	}
	r, err := newReader(ctx, path, 1, newMenus())
	return r, explain(err)
}

func newReader(ctx context.Context, path string, connections int, parsed *menus) (*Reader, error) {
	r := &Reader{path: path, menus: parsed, idle: make(chan *link, connections), gone: make(chan struct{})}
	for range connections {
		l, err := connect(ctx, path, reading)
		if err != nil {
			close(r.gone)
			return nil, errors.Join(err, r.drain(len(r.idle)))
		}
		r.idle <- l
	}
	return r, nil
}

// Read runs look on one consistent state; look sees no later change. What look gets must not be used after Read
// has returned. ctx bounds the wait for a free connection. A look must not Read again: it could wait for itself.
func (r *Reader) Read(ctx context.Context, look func(edge.View) error) error {
	return r.use(ctx, func(l *link) error { return look(&view{q: l.q, menus: r.menus}) })
}

// use lends a connection within a transaction.
func (r *Reader) use(ctx context.Context, work func(*link) error) (err error) {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	var l *link
	select {
	case <-r.gone:
		return errClosed()
	case <-ctx.Done():
		return fmt.Errorf("wait to read the store: %w", ctx.Err())
	case l = <-r.idle:
	}
	defer func() { r.idle <- l }()
	if err := run(l.begin); err != nil {
		return fmt.Errorf("begin to read: %w", must(err).refusal())
	}
	defer func() {
		if end := run(l.rollback); end != nil && err == nil {
			err = fmt.Errorf("end reading: %w", must(end).refusal())
		}
	}()
	return work(l)
}

// Close waits for reads to end, refuses later ones, and closes the connections.
func (r *Reader) Close() error {
	var err error
	r.once.Do(func() {
		close(r.gone)
		err = r.drain(cap(r.idle))
	})
	return err
}

func (r *Reader) drain(n int) error {
	var errs []error
	for range n {
		errs = append(errs, (<-r.idle).close())
	}
	return errors.Join(errs...)
}
