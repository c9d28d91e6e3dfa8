package type2

import (
	"math/big"
	"testing"
)

// sign makes a signature with a known nonce, which only a test may do.
func (c curve) sign(secret, hash, nonce *big.Int) (signature [32]byte) {
	r := new(big.Int).Mod(c.times(c.g, nonce).x, c.n)
	s := new(big.Int).Mul(r, secret)
	s.Add(s, hash).Mul(s, new(big.Int).ModInverse(nonce, c.n)).Mod(s, c.n)
	r.FillBytes(signature[:16])
	s.FillBytes(signature[16:])
	return signature
}

func TestCurve(t *testing.T) {
	c := secp128r1()
	b := number("E87579C11079F43DD824993C2CEE5ED3")
	for name, p := range map[string]point{"generator": c.g, "NXP's key": nxpKey(), "a multiple": c.times(c.g, big.NewInt(12345))} {
		left := new(big.Int).Exp(p.y, big.NewInt(2), c.p)
		right := new(big.Int).Exp(p.x, big.NewInt(3), c.p)
		right.Add(right, new(big.Int).Mul(c.a, p.x)).Add(right, b).Mod(right, c.p)
		if left.Cmp(right) != 0 {
			t.Errorf("%s is not on the curve", name)
		}
	}
	if !c.times(c.g, c.n).infinite() {
		t.Error("the generator's order is another one")
	}
	if c.times(c.g, new(big.Int).Add(c.n, big.NewInt(1))).x.Cmp(c.g.x) != 0 {
		t.Error("one more than the order does not lead back to the generator")
	}
}

func TestSignaturesOfOurOwn(t *testing.T) {
	c := secp128r1()
	for i := int64(1); i < 20; i++ {
		secret, hash, nonce := big.NewInt(7919*i), big.NewInt(1234567*i), big.NewInt(99991*i+7)
		key := c.times(c.g, secret)
		signature := c.sign(secret, hash, nonce)
		if !c.verify(key, hash, signature) {
			t.Errorf("signature %d is refused", i)
		}
		if c.verify(key, new(big.Int).Add(hash, big.NewInt(1)), signature) {
			t.Errorf("signature %d holds for another number", i)
		}
		if c.verify(c.g, hash, signature) {
			t.Errorf("signature %d holds for another key", i)
		}
	}
}

func BenchmarkGenuine(b *testing.B) {
	signature := [32]byte(number("67B1750BCCEB1174F9A33BF20E0226551A6366939B31F949848C3C087350FA90").FillBytes(make([]byte, 32)))
	uid := number("04AB87F2CA1190").FillBytes(make([]byte, 7))
	for b.Loop() {
		if !Genuine(uid, signature) {
			b.Fatal("refused")
		}
	}
}
