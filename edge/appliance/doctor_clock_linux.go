package appliance

import "syscall"

// unsynced is STA_UNSYNC of adjtimex(2): nobody has set the kernel's clock lately.
const unsynced = 0x40

// clockSynced asks the kernel whether somebody sets its clock; known is false when it does not say.
func clockSynced() (synced, known bool) {
	var t syscall.Timex
	if _, err := syscall.Adjtimex(&t); err != nil {
		return false, false
	}
	return t.Status&unsynced == 0, true
}
