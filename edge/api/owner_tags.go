package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
)

func (h *Handler) tagRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodGet, path: "/api/owner/tags", id: "tags", who: anOwner,
		summary: "All tags the house ever knew, with their history",
	}, h.tags)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags", id: "enrol-tag", who: anOwner, status: http.StatusNoContent,
		summary: "Make a tag, puck or card stand for a table; with a token: note that the token was written to it",
	}, h.enrolTag)
	add(h, api, route{
		method: http.MethodDelete, path: "/api/owner/tags/{id}", id: "retire-tag", who: anOwner,
		summary: "Make a tag, by its UID, mean nothing any more",
	}, h.retireTag)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/{id}/move", id: "move-tag", who: anOwner,
		summary: "Make a tag stand for another table; one that carries an address has to be written instead (tag_rewrite)",
	}, h.moveTag)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/{id}/lose", id: "lose-tag", who: anOwner,
		summary: "Retire a tag that is not where it should be",
	}, h.loseTag)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/{id}/find", id: "find-tag", who: anOwner,
		summary: "Bring back a tag that was lost, replaced or retired",
	}, h.findTag)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/{id}/erase", id: "erase-tag", who: anOwner,
		summary: "Note that a tag's keys are about to be taken off it",
	}, h.eraseTag)
	h.setUpRoutes(api)
	h.provisionRoutes(api)
}

// OwnerTag is a tag with the name of its table.
type OwnerTag struct {
	Tag   edge.Tag   `json:"tag"`
	Table edge.Table `json:"table"`
}

// OwnerTags is the register of tags.
type OwnerTags struct {
	Tags []OwnerTag `json:"tags" doc:"By table, then by UID"`
}

func (h *Handler) tags(ctx context.Context, _ *none) (*answer[OwnerTags], error) {
	out := OwnerTags{Tags: []OwnerTag{}}
	err := h.cfg.Store.Read(ctx, func(v edge.View) error {
		tags, err := v.Tags()
		if err != nil {
			return err
		}
		tables, err := v.Tables()
		for _, table := range tables {
			for _, tag := range tags {
				if tag.TableID == table.ID {
					out.Tags = append(out.Tags, OwnerTag{Tag: ownTag(tag), Table: table})
				}
			}
		}
		return err
	})
	return &answer[OwnerTags]{out}, err
}

// ownTag leaves out what nobody needs to see: the word on the tag lets its reader order, and guests are nobody's business.
func ownTag(tag edge.Tag) edge.Tag {
	tag.Token, tag.LastAttempt, tag.LastGuest = "", "", ""
	return tag
}

// TagBody says what a tag stands for.
type TagBody struct {
	UID     string       `json:"uid" minLength:"8" maxLength:"20" doc:"4, 7 or 10 bytes in upper-case hex"`
	TableID edge.ID      `json:"table_id" minLength:"1" maxLength:"64"`
	Kind    edge.TagKind `json:"kind" enum:"table,puck,card"`
	Token   string       `json:"token,omitempty" maxLength:"64" doc:"The table's token that was written to it"`
}

func (h *Handler) enrolTag(ctx context.Context, in *request[TagBody]) (*none, error) {
	tag := edge.Tag{UID: in.Body.UID, TableID: in.Body.TableID, Kind: in.Body.Kind, Token: in.Body.Token}
	if tag.Token == "" {
		return &none{}, h.cfg.Floor.EnrolTag(ctx, actorOf(ctx), tag)
	}
	token, err := h.tokenOf(ctx, tag.Token)
	if err != nil {
		return nil, err
	}
	if token.Retired || token.TableID != tag.TableID {
		return nil, edge.Refuse(edge.KindConflict, "token_other", "This code is not one of that table.")
	}
	return &none{}, h.cfg.Floor.TagWritten(ctx, actorOf(ctx), tag)
}

func (h *Handler) tokenOf(ctx context.Context, word string) (edge.Token, error) {
	var token edge.Token
	err := h.cfg.Store.Read(ctx, func(v edge.View) (err error) {
		token, err = v.Token(word)
		return err
	})
	return token, err
}

func (h *Handler) retireTag(ctx context.Context, in *idInput) (*none, error) {
	return &none{}, h.cfg.Floor.RetireTag(ctx, actorOf(ctx), string(in.ID))
}

// TagMove says where a tag goes.
type TagMove struct {
	TableID edge.ID `json:"table_id" minLength:"1" maxLength:"64"`
}

type moveInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body TagMove
}

func tagAnswer(tag edge.Tag, err error) (*answer[edge.Tag], error) {
	if err != nil {
		return nil, err
	}
	return &answer[edge.Tag]{ownTag(tag)}, nil
}

func (h *Handler) moveTag(ctx context.Context, in *moveInput) (*answer[edge.Tag], error) {
	return tagAnswer(h.cfg.Floor.MoveTag(ctx, actorOf(ctx), in.ID, in.Body.TableID))
}

func (h *Handler) loseTag(ctx context.Context, in *idInput) (*answer[edge.Tag], error) {
	return tagAnswer(h.cfg.Floor.LoseTag(ctx, actorOf(ctx), string(in.ID)))
}

func (h *Handler) findTag(ctx context.Context, in *idInput) (*answer[edge.Tag], error) {
	return tagAnswer(h.cfg.Floor.FindTag(ctx, actorOf(ctx), string(in.ID)))
}

// TagErase says which version of keys a tag had.
type TagErase struct {
	Version byte `json:"version" doc:"The highest version of keys that the tag carries"`
}

type eraseInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body TagErase
}

func (h *Handler) eraseTag(ctx context.Context, in *eraseInput) (*answer[edge.Tag], error) {
	return tagAnswer(h.cfg.Floor.EraseTag(ctx, actorOf(ctx), in.ID, in.Body.Version))
}

func (h *Handler) setUpRoutes(api huma.API) {
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/plan", id: "plan-tag", who: anOwner,
		summary: "Decide what becomes of a tag at a reader before anything is written to it; tag_elsewhere asks to agree",
	}, h.planTag)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/done", id: "tag-done", who: anOwner,
		summary: "Note that a tag was set up as planned and read back",
	}, h.tagDone)
	add(h, api, route{
		method: http.MethodPost, path: "/api/owner/tags/reached", id: "tag-reached", who: anOwner,
		summary: "Note how far a tag has counted although setting it up did not end well",
	}, h.tagReached)
}

// TagWish is a tag that lies at a reader and shall speak for a table.
type TagWish struct {
	UID     string  `json:"uid" minLength:"8" maxLength:"20" doc:"Upper-case hex"`
	TableID edge.ID `json:"table_id" minLength:"1" maxLength:"64"`
	Signs   bool    `json:"signs" doc:"Its chip signs its taps (NTAG 424 DNA)"`
	Move    bool    `json:"move,omitempty" doc:"Take it from the table it speaks for now"`
}

// TagPlan is what the tag is to become.
type TagPlan struct {
	Table   edge.Table `json:"table"`
	Prefix  string     `json:"prefix" doc:"What every address of the house's tags begins with"`
	Word    string     `json:"word,omitempty" doc:"The token to write behind the prefix; none for a tag that signs"`
	Version byte       `json:"version" doc:"The lowest version of keys that it may get"`
	From    string     `json:"from,omitempty" doc:"The table it is taken from"`
	Keys    string     `json:"keys" doc:"The check value of the house's master key, to be compared with the one in use at the reader"`
}

func (h *Handler) planTag(ctx context.Context, in *request[TagWish]) (*answer[TagPlan], error) {
	plan, err := h.PlanTag(ctx, actorOf(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	return &answer[TagPlan]{plan}, nil
}

// PlanTag decides what becomes of a tag, for a reader of this device.
func (h *Handler) PlanTag(ctx context.Context, actor edge.Actor, wish TagWish) (TagPlan, error) {
	if h.cfg.Bench == nil {
		return TagPlan{}, errNoBench
	}
	check, err := h.cfg.Bench.TagKeys()
	if err != nil {
		return TagPlan{}, edge.Refuse(edge.KindUnavailable, "tag_keys", "%s", err.Error())
	}
	plan, err := h.cfg.Floor.PlanTag(ctx, actor, edge.TagWish{
		UID: wish.UID, TableID: wish.TableID, Signs: wish.Signs, Move: wish.Move, Word: access.NewWord(),
	})
	if err != nil {
		return TagPlan{}, err
	}
	return TagPlan{
		Table: plan.Table, Prefix: h.tableURL(""), Word: plan.Word, Version: plan.Version, From: plan.From, Keys: check,
	}, nil
}

// TagDone is what became of a tag at a reader.
type TagDone struct {
	UID       string  `json:"uid" minLength:"8" maxLength:"20"`
	TableID   edge.ID `json:"table_id" minLength:"1" maxLength:"64"`
	Word      string  `json:"word,omitempty" maxLength:"64"`
	Chip      string  `json:"chip" maxLength:"20"`
	Genuine   bool    `json:"genuine"`
	Protected bool    `json:"protected"`
	Signs     bool    `json:"signs"`
	Keys      string  `json:"keys,omitempty" maxLength:"16"`
	Version   byte    `json:"version"`
	Counter   uint32  `json:"counter"`
	Replace   bool    `json:"replace,omitempty" doc:"Retire the other tags of the table"`
}

func (h *Handler) tagDone(ctx context.Context, in *request[TagDone]) (*answer[edge.Tag], error) {
	return tagAnswer(h.cfg.Floor.ProvisionTag(ctx, actorOf(ctx), in.Body.Result()))
}

// Result is the same in the words of the rules.
func (d TagDone) Result() edge.TagResult {
	return edge.TagResult{
		UID: d.UID, TableID: d.TableID, Word: d.Word, Chip: d.Chip, Genuine: d.Genuine, Protected: d.Protected,
		Signs: d.Signs, Keys: d.Keys, Version: d.Version, Counter: d.Counter, Replace: d.Replace,
	}
}

// TagMark is how far a tag has counted.
type TagMark struct {
	UID     string `json:"uid" minLength:"8" maxLength:"20"`
	Version byte   `json:"version"`
	Counter uint32 `json:"counter"`
}

func (h *Handler) tagReached(ctx context.Context, in *request[TagMark]) (*none, error) {
	return &none{}, h.cfg.Floor.TagReached(ctx, edge.SignedTap{UID: in.Body.UID, Version: in.Body.Version, Counter: in.Body.Counter})
}
