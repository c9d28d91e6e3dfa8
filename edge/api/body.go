package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
)

const jsonType = "application/json"

// decode reads a JSON body of at most limit bytes into v, strictly: one value, no unknown keys.
func decode(w http.ResponseWriter, r *http.Request, limit int64, v any) *Problem {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != jsonType {
		return problem(http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be application/json.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return readProblem(err)
	}
	return decodeBytes(raw, v)
}

func readProblem(err error) *Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem(http.StatusRequestEntityTooLarge, "too_large", "The body is too large.")
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return problem(http.StatusRequestTimeout, "too_slow", "The body did not arrive in time.")
	}
	return problem(http.StatusBadRequest, "malformed", "The body could not be read.")
}

func decodeBytes(raw []byte, v any) *Problem {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return jsonProblem(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return problem(http.StatusBadRequest, "malformed", "There is more after the end of the JSON value.")
	}
	return nil
}

// jsonProblem tells what is not JSON (400) from JSON that does not fit (422).
func jsonProblem(err error) *Problem {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		p := problem(http.StatusUnprocessableEntity, "invalid", "A value is of the wrong type: %s.", wrong.Value)
		p.Field = wrong.Field
		return p
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		p := problem(http.StatusUnprocessableEntity, "invalid", "There is a key that is not known.")
		p.Field = strings.Trim(name, `"`)
		return p
	}
	return problem(http.StatusBadRequest, "malformed", "The body is not JSON.")
}

// encodeTo writes v as JSON. An error means the other side has gone, which nobody needs to hear about.
func encodeTo(w io.Writer, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
}
