package apdu

// SelectName selects an application by its name (ISO 7816-4 §7.1.1). Le is present, as case 4 commands demand.
func SelectName(name []byte) []byte {
	cmd := append([]byte{0x00, 0xA4, 0x04, 0x00, byte(len(name))}, name...)
	return append(cmd, 0x00)
}

// SelectFile selects a file of the current application by its two-byte identifier and asks for no description.
func SelectFile(id uint16) []byte {
	return []byte{0x00, 0xA4, 0x00, 0x0C, 0x02, byte(id >> 8), byte(id)}
}

// ReadBinary reads n bytes of the selected file from an offset below 32,768; n 0 means 256.
func ReadBinary(offset uint16, n byte) []byte {
	return []byte{0x00, 0xB0, byte(offset >> 8 & 0x7F), byte(offset), n}
}

// NativeVersion is the wrapped GetVersion of NXP's DESFire and NTAG DNA families (NT4H2421Gx data sheet §10.5.2).
func NativeVersion() []byte { return []byte{0x90, 0x60, 0x00, 0x00, 0x00} }
