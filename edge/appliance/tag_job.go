package appliance

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
	"github.com/comanda-pos/comanda/hardware/nfc"
)

// walkLease is how long a walk goes on that nobody looks at: the browser was closed, or its tablet sleeps.
const walkLease = 45 * time.Second

// tagJobs runs the walk in which tags are set up at this device's own reader. The reader's supervisor lends it card by
// card, so that it is given back whatever ends the walk; meanwhile no tap is taken for a guest's.
type tagJobs struct {
	d     *Device
	vault *tagVault
	lease time.Duration

	mu sync.Mutex
	// All below is guarded by mu. base is the context of Serve, or nil when it does not run.
	base   context.Context //nolint:containedctx // walks are started by requests and end with the device
	walk   *TagWalk
	end    context.CancelFunc // of the walk that runs, else nil
	looked time.Time
	walks  sync.WaitGroup
}

var (
	_ api.Bench      = (*tagJobs)(nil)
	_ suture.Service = (*tagJobs)(nil)
)

func newTagJobs(d *Device, vault *tagVault) *tagJobs {
	return &tagJobs{d: d, vault: vault, lease: walkLease}
}

// String names the part, so that its supervisor has no need to look inside.
func (j *tagJobs) String() string { return "setting up tags" }

// Serve lets walks run until ctx ends, and ends the one that runs.
func (j *tagJobs) Serve(ctx context.Context) error {
	j.mu.Lock()
	j.base = ctx
	j.mu.Unlock()
	<-ctx.Done()
	j.mu.Lock()
	j.base = nil
	j.mu.Unlock()
	j.walks.Wait() // they end with ctx
	return ctx.Err()
}

// TagKeys implements [api.Bench].
func (j *tagJobs) TagKeys() (string, error) {
	keys, err := j.vault.need(context.Background())
	if err != nil {
		return "", err
	}
	return keys.Check(), nil
}

// Provision implements [api.Bench].
func (j *tagJobs) Provision() api.Provision {
	j.mu.Lock()
	j.looked = time.Now()
	walk := j.walk
	j.mu.Unlock()
	state := api.Provision{Phase: api.PhaseIdle, Items: []api.ProvisionItem{}}
	if walk != nil {
		state = walk.State()
	}
	state.Ready, state.Reader = j.d.readers.usable()
	return state
}

// usable tells whether a reader works, and what to do when none does.
func (r *readers) usable() (ready bool, text string) {
	if r.supervisor == nil {
		return false, r.problem
	}
	status := r.supervisor.Status()
	if status.State == nfc.StateReady {
		return true, ""
	}
	return false, status.Text
}

var (
	errWalkRuns = edge.Refuse(edge.KindConflict, "walk_runs", "Tags are being set up already.")
	errNoTables = edge.Refuse(edge.KindInvalid, "no_tables", "All these tables have a tag already.")
)

// StartProvision implements [api.Bench].
func (j *tagJobs) StartProvision(ctx context.Context, actor edge.Actor, order api.ProvisionOrder) error {
	if ready, text := j.d.readers.usable(); !ready {
		return edge.Refuse(edge.KindUnavailable, "no_reader", "%s", text)
	}
	if _, err := j.vault.need(ctx); err != nil {
		return edge.Refuse(edge.KindUnavailable, "tag_keys", "%s", err.Error())
	}
	tables, err := j.tables(ctx, order)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.base == nil {
		return edge.Refuse(edge.KindUnavailable, "no_reader", "The device is starting or stopping.")
	}
	if j.end != nil {
		return errWalkRuns
	}
	release, err := HoldBench(j.d.settings)
	if err != nil {
		return edge.Refuse(edge.KindConflict, "bench_busy", "Another program is writing tags at this device.")
	}
	j.start(actor, order, tables, release)
	return nil
}

// start begins a walk. The caller holds mu.
func (j *tagJobs) start(actor edge.Actor, order api.ProvisionOrder, tables []edge.Table, release func() error) {
	walk := NewTagWalk(WalkOptions{
		Work: TagWork{Desk: j.d.Desk(actor), Keys: j.vault.read}, Order: order, Tables: tables,
		Next: func(ctx context.Context, after uint64, work func(context.Context, nfc.Card) error) (uint64, error) {
			return j.d.readers.supervisor.DoNext(ctx, "", after, work)
		},
		Changed: j.d.hub.Touch,
	})
	ctx, end := context.WithCancel(j.base)
	j.walk, j.end, j.looked = walk, end, time.Now()
	j.d.log.Info("tags are being set up", "tables", len(tables))
	j.walks.Go(func() {
		defer end()
		stop := j.watch(ctx, walk)
		err := walk.Run(ctx)
		end()
		stop()
		if err := release(); err != nil {
			j.d.log.Warn("the reader was not given back", "error", err)
		}
		j.mu.Lock()
		j.end = nil
		j.mu.Unlock()
		if err != nil && !errors.Is(err, context.Canceled) {
			j.d.log.Warn("setting up tags ended early", "error", err)
		}
		j.d.hub.Touch()
	})
}

// watch stops the walk when nobody has looked at it for a while; what it returns waits for its own end.
func (j *tagJobs) watch(ctx context.Context, walk *TagWalk) (wait func()) {
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(j.lease / 9)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			j.mu.Lock()
			idle := time.Since(j.looked)
			j.mu.Unlock()
			if idle > j.lease {
				j.d.log.Info("nobody looks at the tags that are being set up; the reader is given back")
				_ = walk.Press(api.PressStop) // it refuses only when the walk has ended
				return
			}
		}
	})
	return watching.Wait
}

// PressProvision implements [api.Bench].
func (j *tagJobs) PressProvision(press api.ProvisionPress) error {
	j.mu.Lock()
	walk, runs := j.walk, j.end != nil
	if !runs && press == api.PressStop {
		j.walk = nil // an ended walk is dismissed
		j.mu.Unlock()
		return nil
	}
	j.mu.Unlock()
	if !runs {
		return errNoWalk
	}
	return walk.Press(press)
}

// tables are those of an order that need a tag.
func (j *tagJobs) tables(ctx context.Context, order api.ProvisionOrder) ([]edge.Table, error) {
	var out []edge.Table
	err := j.d.store.Read(ctx, func(view edge.View) error {
		tags, err := view.Tags()
		if err != nil {
			return err
		}
		tagged := map[edge.ID]bool{}
		for _, tag := range tags {
			tagged[tag.TableID] = tagged[tag.TableID] || (!tag.Retired && tag.Kind == edge.TagTable)
		}
		for _, id := range order.Tables {
			table, err := view.Table(id)
			if err != nil {
				return err
			}
			if !table.Retired && (order.Again || !tagged[id]) {
				out = append(out, table)
			}
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = errNoTables
	}
	return out, err
}

// houseDesk enters tags in this device.
type houseDesk struct {
	d     *Device
	actor edge.Actor
}

var _ TagDesk = houseDesk{}

// Desk is where tags are planned and entered in this device, in the name of an actor.
func (d *Device) Desk(actor edge.Actor) TagDesk { return houseDesk{d, actor} }

// PlanTag implements [TagDesk].
func (h houseDesk) PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error) {
	return h.d.api.PlanTag(ctx, h.actor, wish)
}

// TagDone implements [TagDesk].
func (h houseDesk) TagDone(ctx context.Context, done api.TagDone) (edge.Tag, error) {
	return h.d.floor.ProvisionTag(ctx, h.actor, done.Result())
}

// TagReached implements [TagDesk].
func (h houseDesk) TagReached(ctx context.Context, mark api.TagMark) error {
	return h.d.floor.TagReached(ctx, edge.SignedTap{UID: mark.UID, Version: mark.Version, Counter: mark.Counter})
}
