package telegram

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/sync/channel"
)

// InitData is what Telegram vouches for when it opens a Mini App ("WebAppInitData").
type InitData struct {
	// User is nil where Telegram keeps the person back, as in apps opened from a keyboard button.
	User *WebAppUser
	// AuthDate is when the Mini App was opened.
	AuthDate time.Time
	// StartParam is the token of the link that opened it, or empty.
	StartParam string
	// ChatInstance is the same for people who opened the link from the same chat, or empty.
	ChatInstance string
}

// WebAppUser is the person who opened the Mini App.
type WebAppUser struct {
	ID           int64
	Name         string
	LanguageCode string
	// MayWrite says that the person lets the bot write to them.
	MayWrite bool
}

// The reasons why a proof is refused. Each wraps channel.ErrProof.
var (
	ErrProofForm   = fmt.Errorf("%w: it is not well formed", channel.ErrProof)
	ErrProofForged = fmt.Errorf("%w: the signature is not telegram's", channel.ErrProof)
	ErrProofOld    = fmt.Errorf("%w: it is too old", channel.ErrProof)
	ErrProofFuture = fmt.Errorf("%w: it comes from the future", channel.ErrProof)
	ErrProofNobody = fmt.Errorf("%w: it names nobody", channel.ErrProof)
)

const (
	maxProof = 16 << 10
	// futureSkew is how far Telegram's clock may be ahead of ours.
	futureSkew = time.Minute
)

// Identify checks the raw initData of our Mini App with the bot's token.
func (c *Channel) Identify(proof string, now time.Time) (channel.Identity, error) {
	d, err := VerifyHMAC(proof, c.settings.Token)
	if err != nil {
		return channel.Identity{}, err
	}
	if err := d.Fresh(now, c.settings.proofAge()); err != nil {
		return channel.Identity{}, err
	}
	if d.User == nil {
		return channel.Identity{}, ErrProofNobody
	}
	id := strconv.FormatInt(d.User.ID, 10)
	return channel.Identity{
		Guest:        channel.Guest{ID: id, Language: d.User.LanguageCode, Name: d.User.Name},
		Conversation: channel.ConversationID(id),
		StartToken:   d.StartParam,
		MayWrite:     d.User.MayWrite,
		Group:        d.ChatInstance,
		At:           d.AuthDate,
	}, nil
}

// VerifyHMAC checks initData as the holder of the bot's token ("Validating data received via the Mini App"). It says nothing
// about freshness.
func VerifyHMAC(proof string, token Secret) (InitData, error) {
	fields, err := parseProof(proof)
	if err != nil {
		return InitData{}, err
	}
	given, err := hex.DecodeString(fields["hash"])
	if err != nil {
		return InitData{}, ErrProofForm
	}
	key := mac([]byte("WebAppData"), []byte(token))
	if !hmac.Equal(given, mac(key, checkString(fields, "hash"))) {
		return InitData{}, ErrProofForged
	}
	return readInitData(fields)
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

// The keys Telegram signs initData with, for VerifyEd25519 ("Validating data for Third-Party Use").
const (
	ProductionKey = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
	TestKey       = "40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec"
)

// VerifyEd25519 checks initData of the bot with one of Telegram's public keys, given in hexadecimal. It needs no secret and
// says nothing about freshness.
func VerifyEd25519(proof string, bot int64, key string) (InitData, error) {
	public, err := hex.DecodeString(key)
	if err != nil || len(public) != ed25519.PublicKeySize {
		return InitData{}, errors.New("check telegram proof: the public key is not 32 bytes in hexadecimal")
	}
	fields, err := parseProof(proof)
	if err != nil {
		return InitData{}, err
	}
	given, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(fields["signature"], "="))
	if err != nil || len(given) != ed25519.SignatureSize {
		return InitData{}, ErrProofForm
	}
	signed := append([]byte(strconv.FormatInt(bot, 10)+":WebAppData\n"), checkString(fields, "hash", "signature")...)
	if !ed25519.Verify(public, signed, given) {
		return InitData{}, ErrProofForged
	}
	return readInitData(fields)
}

// Fresh refuses data opened more than age before now, or after now by more than the clocks may differ.
func (d InitData) Fresh(now time.Time, age time.Duration) error {
	switch {
	case d.AuthDate.After(now.Add(futureSkew)):
		return ErrProofFuture
	case d.AuthDate.Before(now.Add(-age)):
		return ErrProofOld
	default:
		return nil
	}
}

// parseProof splits the query string, decoding once. Names that come twice are refused, and so are characters that would let
// the same signed text be split into other fields.
func parseProof(proof string) (map[string]string, error) {
	if proof == "" || len(proof) > maxProof {
		return nil, ErrProofForm
	}
	fields := map[string]string{}
	for pair := range strings.SplitSeq(proof, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		_, twice := fields[name]
		if err != nil || err2 != nil || twice || name == "" || strings.ContainsAny(name, "=\n") || strings.Contains(value, "\n") {
			return nil, ErrProofForm
		}
		fields[name] = value
	}
	return fields, nil
}

// checkString is the text that is signed: all fields but those named, sorted, one to a line.
func checkString(fields map[string]string, without ...string) []byte {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(without, name) {
			lines = append(lines, name+"="+fields[name])
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// readInitData reads fields whose signature was verified; a valid signature does not promise that all are there.
func readInitData(fields map[string]string) (InitData, error) {
	seconds, err := strconv.ParseInt(fields["auth_date"], 10, 64)
	if err != nil || seconds <= 0 {
		return InitData{}, ErrProofForm
	}
	d := InitData{AuthDate: time.Unix(seconds, 0).UTC(), StartParam: fields["start_param"], ChatInstance: fields["chat_instance"]}
	if text := fields["user"]; text != "" {
		var u user
		if err := json.Unmarshal([]byte(text), &u); err != nil || u.ID <= 0 {
			return InitData{}, ErrProofForm
		}
		d.User = &WebAppUser{ID: u.ID, Name: u.guest().Name, LanguageCode: u.LanguageCode, MayWrite: u.MayWrite}
	}
	return d, nil
}
