package channel

import "time"

// Event is one thing that happened in a conversation.
type Event struct {
	// ID is unique within channel and account and the same each time the same update is decoded: the key under which
	// its effect is stored.
	ID string
	// Conversation is empty only for events that belong to none.
	Conversation ConversationID
	Guest        Guest
	// At is the platform's time of the event, or when we received it where the platform does not say.
	At time.Time
	// Expires is when an answer becomes impossible; zero means no such limit is known.
	Expires time.Time
	// Reply, if not empty, may be copied into Message.Reply to answer exactly this event.
	Reply string
	// Body says what happened.
	Body Body
}

// Body is what happened: one of the types below and no other.
type Body interface{ body() }

// Started says that the guest opened the conversation, or entered it again through one of our links.
type Started struct {
	// Token is what the link carried, unchecked, or empty.
	Token string
}

// Text is what the guest wrote.
type Text struct{ Text string }

// ButtonPressed says that the guest pressed a callback button.
type ButtonPressed struct {
	// Data is what the button held.
	Data string
	// Query is to be acknowledged if the channel is an Acknowledger; empty otherwise.
	Query string
	// Card is the message that held the button, or empty if the platform no longer tells.
	Card Ref
}

// Blocked says that the guest no longer wants messages: stop sending until Unblocked or anything the guest writes.
type Blocked struct{}

// Unblocked says that the guest wants messages again.
type Unblocked struct{}

// WriteAllowed says that the guest allowed messages from within a web page without starting a conversation.
type WriteAllowed struct{}

// Edited says that the guest rewrote an earlier message. It is told so that it can be ignored knowingly: what was ordered
// stays ordered.
type Edited struct{ Message Ref }

// CartSent is a cart put together in the messenger's own catalog.
type CartSent struct {
	Lines []CartLine
	Note  string
}

// CartLine is one position of a CartSent. Prices shown by the platform are not carried: the restaurant's menu decides.
type CartLine struct {
	SKU      string
	Quantity int
}

// Delivery is the platform's later word on a message of ours.
type Delivery struct {
	Message Ref
	// Key is the Message.Key it was sent with, where the platform returns it.
	Key    string
	Result DeliveryResult
	// Err is the reason of Failed, with a Kind.
	Err error
}

// DeliveryResult is how far a message came.
type DeliveryResult int

// The results in the order they normally arrive. A platform may leave some out and may repeat them.
const (
	Sent DeliveryResult = iota + 1
	Delivered
	Read
	Failed
)

// StaffSpoke says that a person of the restaurant answered in the messenger's own app: automatic answers should pause.
type StaffSpoke struct{ Text string }

// Unknown is what the channel does not understand. It is kept so that a later version can.
type Unknown struct {
	// Kind is the platform's word for it, if one could be read.
	Kind string
	// Raw is the update as it was received.
	Raw []byte
}

func (Started) body()       {}
func (Text) body()          {}
func (ButtonPressed) body() {}
func (Blocked) body()       {}
func (Unblocked) body()     {}
func (WriteAllowed) body()  {}
func (Edited) body()        {}
func (CartSent) body()      {}
func (Delivery) body()      {}
func (StaffSpoke) body()    {}
func (Unknown) body()       {}
