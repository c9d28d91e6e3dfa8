package sun

import "crypto/aes"

const (
	// diversifyAES128 opens the input of a diversification that makes an AES-128 key (AN10922 §2.2).
	diversifyAES128 = 0x01
	// MaxDiversifier is the most bytes that one key can be diversified by.
	MaxDiversifier = 2*aes.BlockSize - 1
)

// Diversify makes a key for one purpose out of a master key (AN10922 §2.2). Input that is empty or longer than
// [MaxDiversifier] is a mistake of the program and panics.
//
// Input of 15 bytes and less still fills two blocks, so the result is then not the CMAC of the input.
func Diversify(master Key, input []byte) Key { return diversify(NewCMAC(master), input) }

func diversify(master *CMAC, input []byte) Key {
	if len(input) == 0 || len(input) > MaxDiversifier {
		panic("sun: a diversification takes 1 to 31 bytes")
	}
	blocks, mask := [2 * aes.BlockSize]byte{diversifyAES128}, master.k1
	if n := 1 + copy(blocks[1:], input); n < len(blocks) {
		blocks[n] = 0x80
		mask = master.k2
	}
	var sum [aes.BlockSize]byte
	master.chain(&sum, blocks[:aes.BlockSize])
	master.last(&sum, [aes.BlockSize]byte(blocks[aes.BlockSize:]), mask)
	return sum
}
