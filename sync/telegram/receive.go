package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

const (
	// queryLife is how long the Bot API server keeps a pressed button.
	queryLife = 150 * time.Second
	// pollGrace is how much longer than the poll itself we wait for its answer.
	pollGrace = 10 * time.Second
	batchSize = 100
)

// Source names the cursor of this bot's updates.
func (c *Channel) Source() string { return Name + ":" + c.Account() }

// Receive fetches updates by long polling ("getUpdates") until ctx ends. An update counts as confirmed for Telegram when the
// next request carries a higher offset; that offset is read back from the inbox, so it exists only once it is durable.
func (c *Channel) Receive(ctx context.Context, inbox channel.Inbox) error {
	failures, proven := 0, false
	for ctx.Err() == nil {
		// The first question after a start or a failure does not wait for news: its answer tells that the line works.
		wait := 0
		if proven {
			wait = c.settings.PollSeconds
		}
		err := c.round(ctx, inbox, wait)
		proven = err == nil
		if ctx.Err() != nil {
			break
		}
		c.note(c.health.receiving(err, c.settings.APIURL))
		if err == nil {
			failures = 0
			continue
		}
		sleep(ctx, pause(err, failures))
		failures++
	}
	return ctx.Err()
}

// errKeep marks failures on our side of the exchange.
var errKeep = errors.New("updates cannot be kept")

func (c *Channel) round(ctx context.Context, inbox channel.Inbox, wait int) error {
	cursor, err := inbox.Cursor(ctx, c.Source())
	if err != nil {
		return fmt.Errorf("%w: read cursor: %w", errKeep, err)
	}
	// A cursor we cannot read means: start with the oldest update Telegram still has. The inbox knows repetitions.
	offset, _ := strconv.ParseInt(cursor, 10, 64)
	raws, err := c.poll(ctx, offset, wait)
	if err != nil || len(raws) == 0 {
		return err
	}
	updates, next, err := take(raws, time.Now())
	if err != nil {
		return err
	}
	if err := inbox.Commit(ctx, c.Source(), updates, strconv.FormatInt(next, 10)); err != nil {
		return fmt.Errorf("%w: commit %d updates: %w", errKeep, len(updates), err)
	}
	c.health.received(time.Now())
	return nil
}

func (c *Channel) poll(ctx context.Context, offset int64, wait int) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, c.settings.pollTimeout()+pollGrace)
	defer cancel()
	params := struct {
		Offset  int64    `json:"offset,omitempty"`
		Limit   int      `json:"limit"`
		Timeout int      `json:"timeout"`
		Allowed []string `json:"allowed_updates"`
	}{offset, batchSize, wait, []string{"message", "edited_message", "callback_query", "my_chat_member"}}
	var raws []json.RawMessage
	err := c.api.do(ctx, call{method: "getUpdates", params: params, result: &raws, repeatable: true})
	return raws, err
}

// take turns a batch into updates and the offset that confirms it: the last number plus one, never the highest ever seen,
// because Telegram starts again at a random number after a quiet week.
func take(raws []json.RawMessage, now time.Time) (updates []channel.Update, next int64, err error) {
	for _, raw := range raws {
		u, id, ok := keep(raw, now)
		if ok {
			next = id + 1
		}
		updates = append(updates, u)
	}
	if next == 0 {
		return nil, 0, &channel.Error{Kind: channel.KindRetry, Code: "200", Words: "updates without numbers cannot be confirmed"}
	}
	return updates, next, nil
}

// keep wraps one raw update. Its key is its number and a digest, since numbers may come again after a quiet week.
func keep(raw []byte, now time.Time) (channel.Update, int64, bool) {
	var head struct {
		ID    *int64          `json:"update_id"`
		Query json.RawMessage `json:"callback_query"`
	}
	known := json.Unmarshal(raw, &head) == nil && head.ID != nil
	var id int64
	if known {
		id = *head.ID
	}
	digest := sha256.Sum256(raw)
	u := channel.Update{ID: strconv.FormatInt(id, 10) + "-" + hex.EncodeToString(digest[:8]), Raw: raw, ReceivedAt: now}
	if head.Query != nil {
		u.Expires = now.Add(queryLife)
	}
	return u, id, known
}

// pause says how long to stay away after a failure: as long as Telegram asks, long where a person must act, and otherwise
// 1, 2, 4 … 30 seconds, spread so that devices do not come back together.
func pause(err error, failures int) time.Duration {
	base := min(time.Second<<min(failures, 5), 30*time.Second)
	switch problem, _ := diagnose(err); problem {
	case channel.TakenElsewhere:
		base = 30 * time.Second
	case channel.CredentialsRefused, channel.WrongAddress:
		base = min(30*time.Second<<min(failures, 4), 5*time.Minute)
	default:
	}
	spread := base*3/4 + rand.N(base/2)
	return max(spread, channel.RetryAfter(err))
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// note logs a change of state once.
func (c *Channel) note(s channel.Status, changed bool) {
	switch {
	case !changed:
	case s.Working:
		c.log.Info("messenger works")
	case s.NeedsOwner():
		c.log.Error("messenger needs the owner", slog.String("problem", string(s.Problem)), slog.String("platform", s.Platform))
	default:
		c.log.Warn("messenger pauses", slog.String("problem", string(s.Problem)), slog.String("platform", s.Platform))
	}
}
