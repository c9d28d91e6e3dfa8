package type2

import "math/big"

// curve is a short Weierstrass curve over a prime field. Only verification is needed, of public values, so that nothing here
// has to take the same time for all inputs. The standard library has no curve this small.
type curve struct {
	p, a, n *big.Int
	g       point
}

// point is a point in affine coordinates; without them it is the one at infinity.
type point struct{ x, y *big.Int }

func (a point) infinite() bool { return a.x == nil }

// secp128r1 is defined in SEC 2 version 1 §2.2.1.
func secp128r1() curve {
	p := number("FFFFFFFDFFFFFFFFFFFFFFFFFFFFFFFF")
	return curve{
		p: p, a: new(big.Int).Sub(p, big.NewInt(3)),
		n: number("FFFFFFFE0000000075A30D1B9038A115"),
		g: point{number("161FF7528B899B2D0C28607CA52C5B86"), number("CF5AC8395BAFEB13C02DA292DDED7A83")},
	}
}

func number(digits string) *big.Int {
	n, ok := new(big.Int).SetString(digits, 16)
	if !ok {
		panic("a constant is no number: " + digits)
	}
	return n
}

// verify checks an ECDSA signature, r and s in 16 bytes each (SEC 1 §4.1.4).
func (c curve) verify(key point, hash *big.Int, signature [32]byte) bool {
	r, s := new(big.Int).SetBytes(signature[:16]), new(big.Int).SetBytes(signature[16:])
	if r.Sign() == 0 || s.Sign() == 0 || r.Cmp(c.n) >= 0 || s.Cmp(c.n) >= 0 {
		return false
	}
	inverse := new(big.Int).ModInverse(s, c.n)
	u1, u2 := new(big.Int).Mul(hash, inverse), new(big.Int).Mul(r, inverse)
	u1.Mod(u1, c.n)
	u2.Mod(u2, c.n)
	sum := c.add(c.times(c.g, u1), c.times(key, u2))
	if sum.infinite() {
		return false
	}
	return new(big.Int).Mod(sum.x, c.n).Cmp(r) == 0
}

func (c curve) times(a point, k *big.Int) (out point) {
	for i := k.BitLen() - 1; i >= 0; i-- {
		out = c.add(out, out)
		if k.Bit(i) == 1 {
			out = c.add(out, a)
		}
	}
	return out
}

func (c curve) add(a, b point) point {
	switch {
	case a.infinite():
		return b
	case b.infinite():
		return a
	}
	var slope *big.Int
	if a.x.Cmp(b.x) == 0 {
		if a.y.Cmp(b.y) != 0 || a.y.Sign() == 0 {
			return point{}
		}
		slope = new(big.Int).Mul(a.x, a.x)
		slope.Mul(slope, big.NewInt(3)).Add(slope, c.a)
		slope = c.over(slope, new(big.Int).Lsh(a.y, 1))
	} else {
		slope = c.over(new(big.Int).Sub(b.y, a.y), new(big.Int).Sub(b.x, a.x))
	}
	x := new(big.Int).Mul(slope, slope)
	x.Sub(x, a.x).Sub(x, b.x).Mod(x, c.p)
	y := new(big.Int).Sub(a.x, x)
	y.Mul(y, slope).Sub(y, a.y).Mod(y, c.p)
	return point{x, y}
}

// over divides in the field.
func (c curve) over(a, b *big.Int) *big.Int {
	b = new(big.Int).ModInverse(b.Mod(b, c.p), c.p)
	return b.Mul(b, a).Mod(b, c.p)
}
