package conversation

import "github.com/comanda-pos/comanda/edge"

// paceOf is whether the kitchen takes orders from the channel of a lane now.
func (c *Conversation) paceOf(view edge.View, lane string) (edge.Pace, error) {
	paces, err := view.Paces()
	if err != nil {
		return edge.Pace{}, err
	}
	name, _ := cutLane(lane)
	return edge.Effective(paces, name, c.now()), nil
}

// pace says that the kitchen takes a break or takes longer, "" when it does neither.
func (c *Conversation) pace(voice speaker, p edge.Pace) string {
	switch {
	case p.State == edge.PaceSlow:
		return voice.say("ordering_slow")
	case p.State != edge.PacePaused:
		return ""
	case p.Until.IsZero():
		return voice.say("ordering_paused")
	default:
		return voice.say("ordering_paused_until", values{"Time": c.clockTime(p.Until)})
	}
}
