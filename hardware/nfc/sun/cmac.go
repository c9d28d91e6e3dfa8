package sun

import (
	"crypto/aes"
	"crypto/cipher"
)

// A CMAC computes message authentication codes with one key (NIST SP 800-38B, RFC 4493). It may be used by several
// goroutines at once.
type CMAC struct {
	block cipher.Block
	// k1 and k2 mask the last block: k1 a full one, k2 a padded one.
	k1, k2 [aes.BlockSize]byte
}

// NewCMAC prepares a key.
func NewCMAC(key Key) *CMAC {
	c := &CMAC{block: newCipher(key)}
	var zero [aes.BlockSize]byte
	c.block.Encrypt(c.k1[:], zero[:])
	c.k1 = double(c.k1)
	c.k2 = double(c.k1)
	return c
}

// newCipher cannot fail: the key has the right length by its type.
func newCipher(key Key) cipher.Block {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	return block
}

// double multiplies by x in GF(2^128) without branching on secrets (RFC 4493 §2.3).
func double(b [aes.BlockSize]byte) (out [aes.BlockSize]byte) {
	for i := range aes.BlockSize - 1 {
		out[i] = b[i]<<1 | b[i+1]>>7
	}
	out[aes.BlockSize-1] = b[aes.BlockSize-1]<<1 ^ 0x87&-(b[0]>>7)
	return out
}

// Sum is the full code of a message.
func (c *CMAC) Sum(message []byte) (sum [aes.BlockSize]byte) {
	for len(message) > aes.BlockSize {
		c.chain(&sum, message[:aes.BlockSize])
		message = message[aes.BlockSize:]
	}
	last, mask := [aes.BlockSize]byte{}, c.k1
	if n := copy(last[:], message); n < aes.BlockSize {
		last[n] = 0x80
		mask = c.k2
	}
	c.last(&sum, last, mask)
	return sum
}

func (c *CMAC) chain(sum *[aes.BlockSize]byte, block []byte) {
	for i, b := range block {
		sum[i] ^= b
	}
	c.block.Encrypt(sum[:], sum[:])
}

func (c *CMAC) last(sum *[aes.BlockSize]byte, block, mask [aes.BlockSize]byte) {
	for i := range block {
		block[i] ^= mask[i]
	}
	c.chain(sum, block[:])
}

// MACLength is the number of bytes of a code as tags use it.
const MACLength = 8

// Short is the code as tags use it: every second byte of the full one, from the second on (data sheet §9.1.3).
func (c *CMAC) Short(message []byte) (short [MACLength]byte) {
	full := c.Sum(message)
	for i := range short {
		short[i] = full[2*i+1]
	}
	return short
}
