package client

import (
	"context"
	"net/http"

	"github.com/comanda-pos/comanda/edge/api"
)

// People are those who work in the house, with their badges, and the readers by name.
func (o *Owner) People(ctx context.Context) (api.OwnerPeople, error) {
	var people api.OwnerPeople
	err := o.client.tell(ctx, http.MethodGet, "/api/owner/people", o.key, nil, &people)
	return people, err
}
