package api

// The subprotocols of the sockets.
const (
	guestProtocol   = "comanda.guest.v1"
	kitchenProtocol = "comanda.kitchen.v1"
	displayProtocol = "comanda.display.v1"
	ownerProtocol   = "comanda.owner.v1"
)
