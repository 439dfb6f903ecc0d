package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

const issuer = "harbor-token-issuer"

var keys *rsa.PrivateKey

func readKeys(path string) *rsa.PrivateKey {
	text, err := os.ReadFile(path)
	must(err)
	block, _ := pem.Decode(text)
	if block == nil {
		fail(path + " holds no key")
	}
	if found, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return found
	}
	found, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(err)
	key, ok := found.(*rsa.PrivateKey)
	if !ok {
		fail(path + " holds no RSA key")
	}
	return key
}

type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

type claims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience string   `json:"aud"`
	Expires  int64    `json:"exp"`
	After    int64    `json:"nbf"`
	Issued   int64    `json:"iat"`
	ID       string   `json:"jti"`
	Access   []access `json:"access"`
}

// Answers 200 even to a wrong password: with a token that allows nothing.
func token(w http.ResponseWriter, r *http.Request) {
	user := userOf(r)
	allowed := []access{}
	for _, scopes := range r.URL.Query()["scope"] {
		for _, scope := range strings.Fields(scopes) {
			parts := strings.SplitN(scope, ":", 2)
			end := strings.LastIndex(scope, ":")
			if len(parts) < 2 || end <= len(parts[0]) || user == "" {
				continue
			}
			actions := strings.Split(scope[end+1:], ",")
			allowed = append(allowed, access{parts[0], scope[len(parts[0])+1 : end], actions})
		}
	}
	now := time.Now()
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	text := sign(claims{issuer, user, r.URL.Query().Get("service"), now.Add(30 * time.Minute).Unix(), now.Add(-10 * time.Second).Unix(),
		now.Unix(), base64.RawURLEncoding.EncodeToString(id), allowed})
	answerJSON(w, 200, map[string]any{"token": text, "access_token": "", "expires_in": 1800, "issued_at": now.UTC().Format(time.RFC3339)})
}

func sign(content claims) string {
	header, _ := json.Marshal(map[string]string{"alg": "RS256", "typ": "JWT"})
	body, _ := json.Marshal(content)
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, keys, crypto.SHA256, digest[:])
	must(err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// What a token allows; nothing when another key has signed it, or its time is over.
func allowedBy(text string) ([]access, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, false
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(&keys.PublicKey, crypto.SHA256, digest[:], signature) != nil {
		return nil, false
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	var content claims
	if err != nil || json.Unmarshal(body, &content) != nil || content.Issuer != issuer {
		return nil, false
	}
	now := time.Now().Unix()
	return content.Access, content.After <= now && now < content.Expires
}

type need struct{ name, action string }

var repository = regexp.MustCompile(`^/v2/(.+)/(?:manifests|blobs|tags|referrers)/`)

func neededFor(r *http.Request) need {
	found := repository.FindStringSubmatch(r.URL.Path)
	if found == nil {
		return need{}
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return need{found[1], "pull"}
	case http.MethodDelete:
		return need{found[1], "delete"}
	}
	return need{found[1], "push"}
}

func mayDo(r *http.Request, needed need) bool {
	if text, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); bearer {
		allowed, valid := allowedBy(text)
		return valid && (needed.name == "" || slices.ContainsFunc(allowed, func(one access) bool {
			return one.Type == "repository" && one.Name == needed.name &&
				(slices.Contains(one.Actions, needed.action) || slices.Contains(one.Actions, "*"))
		}))
	}
	return userOf(r) != ""
}
