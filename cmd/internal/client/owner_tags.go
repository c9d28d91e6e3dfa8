package client

import (
	"context"
	"net/http"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/api"
)

// Tags are all tags the house ever knew, with their history.
func (o *Owner) Tags(ctx context.Context) ([]api.OwnerTag, error) {
	var tags api.OwnerTags
	err := o.client.tell(ctx, http.MethodGet, "/api/owner/tags", o.key, nil, &tags)
	return tags.Tags, err
}

// PlanTag decides what becomes of a tag before it is written.
func (o *Owner) PlanTag(ctx context.Context, wish api.TagWish) (api.TagPlan, error) {
	var plan api.TagPlan
	err := o.client.tell(ctx, http.MethodPost, "/api/owner/tags/plan", o.key, wish, &plan)
	return plan, err
}

// TagDone notes that a tag was set up as planned and read back.
func (o *Owner) TagDone(ctx context.Context, done api.TagDone) (edge.Tag, error) {
	var tag edge.Tag
	err := o.client.tell(ctx, http.MethodPost, "/api/owner/tags/done", o.key, done, &tag)
	return tag, err
}

// TagReached notes how far a tag has counted although setting it up did not end well.
func (o *Owner) TagReached(ctx context.Context, mark api.TagMark) error {
	return o.client.tell(ctx, http.MethodPost, "/api/owner/tags/reached", o.key, mark, nil)
}

// MoveTag makes a tag stand for another table.
func (o *Owner) MoveTag(ctx context.Context, uid string, table edge.ID) (edge.Tag, error) {
	return o.changeTag(ctx, uid, "move", api.TagMove{TableID: table})
}

// LoseTag retires a tag that is not where it should be.
func (o *Owner) LoseTag(ctx context.Context, uid string) (edge.Tag, error) {
	return o.changeTag(ctx, uid, "lose", nil)
}

// FindTag brings a tag back that was lost, replaced or retired.
func (o *Owner) FindTag(ctx context.Context, uid string) (edge.Tag, error) {
	return o.changeTag(ctx, uid, "find", nil)
}

// EraseTag notes that a tag's keys, of the given version at most, are about to be taken off it.
func (o *Owner) EraseTag(ctx context.Context, uid string, version byte) (edge.Tag, error) {
	return o.changeTag(ctx, uid, "erase", api.TagErase{Version: version})
}

// RetireTag makes a tag mean nothing any more.
func (o *Owner) RetireTag(ctx context.Context, uid string) error {
	return o.client.tell(ctx, http.MethodDelete, "/api/owner/tags/"+uid, o.key, nil, nil)
}

func (o *Owner) changeTag(ctx context.Context, uid, verb string, body any) (edge.Tag, error) {
	var tag edge.Tag
	err := o.client.tell(ctx, http.MethodPost, "/api/owner/tags/"+uid+"/"+verb, o.key, body, &tag)
	return tag, err
}
