package api_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/access"
	"github.com/comanda-pos/comanda/edge/api"
)

// newCrew is a house that wants a badge for cancelling, with a manager Anna whose badge proves itself.
func newCrew(t *testing.T) (h *house, anna edge.Person) {
	t.Helper()
	v := venue()
	v.Staff = edge.StaffPolicy{Approve: []edge.Guarded{edge.GuardCancel}, ApproveWithin: time.Minute, SignedIn: 30 * time.Minute}
	h = newHouseWith(t, v, menuYAML)
	h.want(http.StatusCreated, "POST", "/api/owner/people", h.owner, `{"name":"Anna","role":"manager"}`).into(t, &anna)
	_, err := h.floor.EnrolBadge(t.Context(), edge.System, edge.BadgeResult{
		BadgeWish: edge.BadgeWish{UID: annasBadge, Person: anna.ID}, Signed: true,
	})
	h.must(err)
	return h, anna
}

const annasBadge = "04A1A1A1A1A1A1"

// tapped holds Anna's badge to the reader of the owner's screen.
func (h *house) tapped() edge.BadgeAnswer {
	h.t.Helper()
	answer, err := h.floor.Badge(h.t.Context(), edge.BadgeTap{UID: annasBadge, Proven: true, Reader: "Bar", Screen: h.ownerDevice().ID})
	h.must(err)
	return answer
}

func (h *house) ownerDevice() edge.Device {
	h.t.Helper()
	var me api.OwnerMe
	h.want(http.StatusOK, "GET", "/api/owner/me", h.owner, nil).into(h.t, &me)
	return me.Device
}

func TestPeopleComeAndGo(t *testing.T) {
	h, anna := newCrew(t)
	h.want(http.StatusUnprocessableEntity, "POST", "/api/owner/people", h.owner, `{"name":"anna","role":"waiter"}`)
	h.want(http.StatusUnprocessableEntity, "POST", "/api/owner/people", h.owner, `{"name":"Bert","role":"king"}`)
	at := "/api/owner/people/" + string(anna.ID)
	h.want(http.StatusOK, "POST", at+"/clock", h.owner, `{"in":true}`)
	var people api.OwnerPeople
	h.want(http.StatusOK, "GET", "/api/owner/people", h.owner, nil).into(t, &people)
	if len(people.People) != 1 || people.People[0].In.IsZero() || len(people.People[0].Badges) != 1 || !cmp.Equal(people.Guards, []edge.Guarded{"cancel"}) {
		t.Fatalf("people: got %+v, want Anna in, with her badge", people)
	}
	h.shift.Add(int64(90 * time.Minute))
	h.want(http.StatusOK, "POST", at+"/clock", h.owner, `{"in":false}`)
	var hours api.OwnerHours
	h.want(http.StatusOK, "GET", "/api/owner/people/hours", h.owner, nil).into(t, &hours)
	if hours.Day != "2026-11-20" || len(hours.Hours) != 1 || hours.Hours[0].Seconds/60 != 90 {
		t.Errorf("hours: got %+v, want 90 minutes of Anna's", hours)
	}
	h.want(http.StatusUnprocessableEntity, "GET", "/api/owner/people/hours?day=yesterday", h.owner, nil)
	h.want(http.StatusOK, "PATCH", at, h.owner, `{"removed":true}`)
	h.want(http.StatusForbidden, "POST", at+"/clock", h.owner, `{"in":true}`)
	h.want(http.StatusNotFound, "POST", "/api/owner/people/nobody/clock", h.owner, `{"in":true}`)
	for _, path := range []string{"/api/owner/people", "/api/owner/people/hours.csv", "/api/owner/me", "/api/owner/approvals/x"} {
		h.want(http.StatusForbidden, "GET", path, h.cook, nil)
		h.want(http.StatusUnauthorized, "GET", path, "", nil)
	}
}

func TestHoursAsAFile(t *testing.T) {
	h, _ := newCrew(t)
	var tricky edge.Person
	h.want(http.StatusCreated, "POST", "/api/owner/people", h.owner, `{"name":"=1+1, \"x\"","role":"waiter"}`).into(t, &tricky)
	h.want(http.StatusOK, "POST", "/api/owner/people/"+string(tricky.ID)+"/clock", h.owner, `{"in":true}`)
	r := h.want(http.StatusOK, "GET", "/api/owner/people/hours.csv?day=2026-11-20", h.owner, nil)
	rows, err := csv.NewReader(strings.NewReader(string(r.body))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("got %q, %v; want a head and a row", r.body, err)
	}
	want := []string{"2026-11-20", `'=1+1, "x"`, "waiter"}
	if diff := cmp.Diff(want, rows[1][:3]); diff != "" || rows[1][4] != "" {
		t.Errorf("row %v (-want +got):\n%s", rows[1], diff)
	}
	if got := r.header.Get("Content-Disposition"); !strings.Contains(got, "hours-2026-11-20.csv") {
		t.Errorf("the file is called %s", got)
	}
}

func TestActionsCarryThePerson(t *testing.T) {
	h, anna := newCrew(t)
	if answer := h.tapped(); answer.Did != edge.DidSignIn {
		t.Fatalf("the tap did %s", answer.Did)
	}
	var me api.OwnerMe
	h.want(http.StatusOK, "GET", "/api/owner/me", h.owner, nil).into(t, &me)
	if me.Person == nil || me.Person.Name != "Anna" || me.Until.Sub(me.Device.SignedIn) != 30*time.Minute {
		t.Fatalf("me: got %+v, want Anna for half an hour", me)
	}
	lock := "/api/owner/tables/" + string(h.table.ID) + "/lock"
	last := func() edge.Actor {
		var actor edge.Actor
		h.must(h.store.Read(t.Context(), func(v edge.View) error {
			events, err := v.Events(h.seq()-1, 1)
			actor = events[0].Actor
			return err
		}))
		return actor
	}
	h.want(http.StatusNoContent, "POST", lock, h.owner, `{"locked":true}`)
	if got, want := last(), edge.StaffActor(anna.ID, me.Device.ID); got != want {
		t.Errorf("signed in: got actor %s, want %s", got, want)
	}
	h.want(http.StatusNoContent, "POST", "/api/owner/sign-out", h.owner, nil)
	h.want(http.StatusNoContent, "POST", lock, h.owner, `{"locked":false}`)
	if got, want := last(), edge.DeviceActor(me.Device.ID); got != want {
		t.Errorf("signed out: got actor %s, want %s", got, want)
	}
}

func TestCancellingWaitsForABadge(t *testing.T) {
	h, _ := newCrew(t)
	receipt := h.order(h.sit(), 1)
	at := "/api/owner/orders/" + string(receipt.Order)
	body := `{"key":"cancel-1","reason":"left"}`
	h.unchanged(func() {
		if r := h.want(http.StatusForbidden, "POST", at+"/cancel", h.owner, body); r.code() != "approval_needed" {
			t.Errorf("cancelling: got %s", r.body)
		}
	})
	var approval, again edge.Approval
	h.want(http.StatusAccepted, "POST", at+"/ask-cancel", h.owner, body).into(t, &approval)
	h.want(http.StatusAccepted, "POST", at+"/ask-cancel", h.owner, body).into(t, &again)
	if approval.ID != again.ID || approval.State != edge.ApprovalWaiting {
		t.Fatalf("asked: got %+v and %s", approval, again.ID)
	}
	if answer := h.tapped(); answer.Did != edge.DidApprove {
		t.Fatalf("the tap did %s", answer.Did)
	}
	h.want(http.StatusOK, "GET", "/api/owner/approvals/"+string(approval.ID), h.owner, nil).into(t, &approval)
	if approval.State != edge.ApprovalApproved || approval.ByName != "Anna" {
		t.Errorf("approved: got %+v", approval)
	}
	h.want(http.StatusNoContent, "POST", at+"/cancel", h.owner, body) // the same press is answered as done
	second := h.order(h.sit(), 1)
	h.want(http.StatusAccepted, "POST", "/api/owner/orders/"+string(second.Order)+"/ask-cancel", h.owner,
		`{"key":"cancel-2","reason":"left"}`).into(t, &approval)
	h.want(http.StatusNoContent, "DELETE", "/api/owner/approvals/"+string(approval.ID), h.owner, nil)
	h.want(http.StatusNotFound, "DELETE", "/api/owner/approvals/nothing", h.owner, nil)
	h.want(http.StatusNotFound, "POST", "/api/owner/orders/nothing/ask-cancel", h.owner, `{"key":"cancel-9","reason":"left"}`)
}

func TestBadgesAreChanged(t *testing.T) {
	h, _ := newCrew(t)
	var badge edge.Badge
	h.want(http.StatusOK, "PATCH", "/api/owner/badges/"+annasBadge, h.owner, `{"state":"lost"}`).into(t, &badge)
	if badge.State != edge.BadgeLost || len(badge.History) != 2 {
		t.Errorf("got %+v, want it lost, with history", badge)
	}
	h.want(http.StatusUnprocessableEntity, "PATCH", "/api/owner/badges/"+annasBadge, h.owner, `{"state":"gone"}`)
	h.want(http.StatusNotFound, "PATCH", "/api/owner/badges/0404", h.owner, `{"state":"lost"}`)
	var progress api.BadgeProgress
	h.want(http.StatusOK, "GET", "/api/owner/badges/enrolment", h.owner, nil).into(t, &progress)
	if progress.Phase != api.BadgeIdle || progress.Ready {
		t.Errorf("without a reader: got %+v", progress)
	}
	h.want(http.StatusServiceUnavailable, "POST", "/api/owner/badges/enrolment", h.owner, `{"person_id":"x"}`)
	h.want(http.StatusNoContent, "DELETE", "/api/owner/badges/enrolment", h.owner, nil)
}

// TestAPressIsDoneOnceWhoeverSignsIn sends one payment's key while a badge signs in and out at the screen.
func TestAPressIsDoneOnceWhoeverSignsIn(t *testing.T) {
	h, _ := newCrew(t)
	h.order(h.sit(), 1)
	var floor api.OwnerFloor
	h.want(http.StatusOK, "GET", "/api/owner/floor", h.owner, nil).into(t, &floor)
	path := "/api/owner/sessions/" + string(floor.Sessions[0].Session.ID) + "/pay"
	var sent sync.WaitGroup
	for range 8 {
		sent.Go(func() {
			h.want(http.StatusOK, "POST", path, h.owner, `{"key":"payment-1","kind":"cash","amount":500}`)
		})
		sent.Go(func() {
			_, err := h.floor.Badge(context.Background(), edge.BadgeTap{UID: annasBadge, Proven: true, Screen: "nobody-at-all"})
			if edge.CodeOf(err) != "device_unknown" {
				t.Errorf("a tap at the reader of a screen that is gone: %v", err)
			}
		})
	}
	sent.Wait()
	h.tapped()
	var bill edge.Bill
	h.want(http.StatusOK, "POST", path, h.owner, `{"key":"payment-1","kind":"cash","amount":500}`).into(t, &bill)
	if bill.Paid != 500 {
		t.Errorf("paid: got %d, want 500 once", bill.Paid)
	}
}

func TestAWaitOfASecondScreenIsItsOwn(t *testing.T) {
	h, _ := newCrew(t)
	key := access.NewKey()
	h.must(h.floor.PairDevice(t.Context(), edge.System, edge.Device{ID: "phone", Name: "Phone", Role: edge.RoleOwner, KeyHash: access.Hash(key)}))
	receipt := h.order(h.sit(), 1)
	var approval edge.Approval
	h.want(http.StatusAccepted, "POST", "/api/owner/orders/"+string(receipt.Order)+"/ask-cancel", h.owner,
		`{"key":"cancel-1","reason":"left"}`).into(t, &approval)
	h.want(http.StatusNotFound, "DELETE", "/api/owner/approvals/"+string(approval.ID), key, nil)
}
