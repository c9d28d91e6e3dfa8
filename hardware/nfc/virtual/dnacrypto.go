package virtual

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// The arithmetic of an NTAG 424 DNA, on purpose not shared with any driver: a mistake made twice would not be found.

const blockSize = aes.BlockSize

// dnaSecret is an AES-128 key.
type dnaSecret [blockSize]byte

func (k dnaSecret) block() cipher.Block {
	b, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // sixteen bytes always make a key
	}
	return b
}

// ecb encrypts one block.
func (k dnaSecret) ecb(plain [blockSize]byte) (out [blockSize]byte) {
	k.block().Encrypt(out[:], plain[:])
	return out
}

// encrypt runs CBC over whole blocks.
func (k dnaSecret) encrypt(iv [blockSize]byte, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(k.block(), iv[:]).CryptBlocks(out, plain)
	return out
}

// decrypt undoes encrypt.
func (k dnaSecret) decrypt(iv [blockSize]byte, secret []byte) []byte {
	out := make([]byte, len(secret))
	cipher.NewCBCDecrypter(k.block(), iv[:]).CryptBlocks(out, secret)
	return out
}

// cmac is the CMAC of RFC 4493.
func (k dnaSecret) cmac(message []byte) (tag [blockSize]byte) { return cmac(k.ecb, message) }

// cmac is CMAC over any block cipher.
func cmac(encrypt func([blockSize]byte) [blockSize]byte, message []byte) (tag [blockSize]byte) {
	for len(message) > blockSize {
		subtle.XORBytes(tag[:], tag[:], message)
		tag = encrypt(tag)
		message = message[blockSize:]
	}
	sub := doubled(encrypt([blockSize]byte{}))
	var last [blockSize]byte
	if n := copy(last[:], message); n < blockSize {
		last[n] = 0x80
		sub = doubled(sub)
	}
	subtle.XORBytes(tag[:], tag[:], last[:])
	subtle.XORBytes(tag[:], tag[:], sub[:])
	return encrypt(tag)
}

// doubled multiplies by x in the field of RFC 4493 §2.3.
func doubled(in [blockSize]byte) (out [blockSize]byte) {
	for i := range blockSize - 1 {
		out[i] = in[i]<<1 | in[i+1]>>7
	}
	out[blockSize-1] = in[blockSize-1]<<1 ^ 0x87&-(in[0]>>7)
	return out
}

// mac8 keeps every second byte of a CMAC (data sheet NT4H2421Gx §9.1.3).
func mac8(tag [blockSize]byte) []byte {
	out := make([]byte, 0, blockSize/2)
	for i := 1; i < blockSize; i += 2 {
		out = append(out, tag[i])
	}
	return out
}

// padded appends 80 00… up to whole blocks, always at least one byte (§9.1.4).
func padded(data []byte) []byte {
	out := append(append([]byte(nil), data...), 0x80)
	for len(out)%blockSize != 0 {
		out = append(out, 0)
	}
	return out
}

// unpadded undoes padded; ok is false when the padding is not one.
func unpadded(data []byte) (plain []byte, ok bool) {
	for i := len(data) - 1; i >= 0 && i >= len(data)-blockSize; i-- {
		switch data[i] {
		case 0x80:
			return data[:i], true
		case 0x00:
		default:
			return nil, false
		}
	}
	return nil, false
}

// rotated moves the first byte to the end.
func rotated(in [blockSize]byte) (out [blockSize]byte) {
	copy(out[:], in[1:])
	out[blockSize-1] = in[0]
	return out
}
