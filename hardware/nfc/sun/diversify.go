package sun

import "crypto/aes"

const (
	// diversifyAES128 opens the input of a diversification that makes an AES-128 key (AN10922 §2.2).
	diversifyAES128 = 0x01
	// maxDiversifier is the most bytes that one key can be diversified by.
	maxDiversifier = 2*aes.BlockSize - 1
)

// diversify makes a key for one purpose out of a master key (AN10922 §2.2). The input has 1 to 31 bytes; other lengths
// are a mistake of the program.
//
// Input of 15 bytes and less still fills two blocks, so the result is then not the CMAC of the input.
func diversify(master *CMAC, input []byte) Key {
	if len(input) == 0 || len(input) > maxDiversifier {
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
