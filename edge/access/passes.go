package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A pass is a table's token with a proof, behind a mark, that its bearer was at the table a moment ago: guests who go on
// in a messenger take their presence along. The token in it works as long as ever; the proof for passFor.
const (
	passMark = "_p_"
	passFor  = 15 * time.Minute
	// passProof is a time in minutes (4 bytes) and 8 bytes of an HMAC, in base64url.
	passProof = 16
)

// Pass makes a pass of a token for somebody who was at the table at proven. A token too long for it is given back as it is.
func (c *Codes) Pass(token string, proven time.Time) string {
	if len(token)+len(passMark)+passProof > maxStart {
		return token
	}
	return token + passMark + c.proof(token, uint32(proven.Unix()/60))
}

// maxStart is what the narrowest messenger takes as a start parameter.
const maxStart = 64

// OpenPass implements edge.Codes.
func (c *Codes) OpenPass(word string, at time.Time) (token string, proven time.Time, ok bool) {
	cut := len(word) - passProof
	if cut < len(passMark) || word[cut-len(passMark):cut] != passMark {
		return "", time.Time{}, false
	}
	token, proof := word[:cut-len(passMark)], word[cut:]
	raw, err := base64.RawURLEncoding.DecodeString(proof)
	if err != nil {
		return "", time.Time{}, false
	}
	minute := binary.BigEndian.Uint32(raw)
	if !hmac.Equal([]byte(c.proof(token, minute)), []byte(proof)) {
		return "", time.Time{}, false
	}
	was := time.Unix(int64(minute)*60, 0).UTC()
	if age := at.Sub(was); age < -time.Minute || age > passFor {
		was = time.Time{}
	}
	return token, was, true
}

func (c *Codes) proof(token string, minute uint32) string {
	mac := hmac.New(sha256.New, c.secret)
	mac.Write([]byte("pass\x00" + token))
	stamp := binary.BigEndian.AppendUint32(nil, minute)
	mac.Write(stamp)
	return base64.RawURLEncoding.EncodeToString(append(stamp, mac.Sum(nil)[:8]...))
}
