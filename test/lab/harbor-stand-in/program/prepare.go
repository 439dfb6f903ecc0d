package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// User and group of Harbor's containers.
const harborUser = 10000

// The folders that `prepare` is given.
const (
	configFolder = "/config"
	dataFolder   = "/data"
	hostFolder   = "/hostfs"
)

// What is drawn anew at every run, whatever was there.
type drawnSecrets struct{ core, jobservice, registry, csrf, scanner string }

func prepare(arguments []string) {
	for _, argument := range arguments {
		if argument != "--with-trivy" {
			fail("Error: No such option: " + argument)
		}
	}
	wanted := readAsked("/input/harbor.yml")
	trivy := slices.Contains(arguments, "--with-trivy")
	emptyConfig()
	for _, folder := range []string{"ca_download", "job_logs", "registry", "trivy-adapter/trivy", "trivy-adapter/reports"} {
		makeFolder(filepath.Join(dataFolder, folder))
	}
	for _, folder := range []string{"core/certificates", "shared/trust-certificates", "nginx/conf.d", "log"} {
		makeFolder(filepath.Join(configFolder, folder))
	}
	keepSeeds()
	copyCertificates(wanted)
	secrets := drawnSecrets{drawn(16), drawn(16), drawn(32), drawn(32), drawn(8)}
	writeEnvironments(wanted, secrets, trivy)
	writeConfigurations(wanted)
	// Nobody can log in by it: whoever wants the containers to work puts the cluster's own there.
	write("registry/passwd", "harbor_registry_user:$2y$05$"+drawn(53)+"\n", 0o644, 0)
	must(os.WriteFile("/compose_location/docker-compose.yml", []byte(composeFile(wanted, trivy)), 0o644))
}

// Files go, folders stay.
func emptyConfig() {
	must(filepath.WalkDir(configFolder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Remove(path)
	}))
}

func makeFolder(path string) {
	must(os.MkdirAll(path, 0o755))
	must(os.Chown(path, harborUser, harborUser))
}

func drawn(length int) string {
	bytes := make([]byte, length)
	_, err := rand.Read(bytes)
	must(err)
	return hex.EncodeToString(bytes)[:length]
}

func write(path, text string, mode os.FileMode, owner int) {
	at := filepath.Join(configFolder, path)
	must(os.MkdirAll(filepath.Dir(at), 0o755))
	must(os.WriteFile(at, []byte(text), mode))
	must(os.Chmod(at, mode))
	must(os.Chown(at, owner, owner))
}

// The key of the data base's secrets and the pair that signs tokens are made when they are not there, the pair as one.
func keepSeeds() {
	key := filepath.Join(dataFolder, "secret/keys/secretkey")
	if !isThere(key) {
		put(key, []byte(drawn(16)))
	}
	private := filepath.Join(dataFolder, "secret/core/private_key.pem")
	root := filepath.Join(dataFolder, "secret/registry/root.crt")
	if isThere(private) && isThere(root) {
		return
	}
	pair, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	made := x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "stand-in"},
		NotBefore:    time.Now(),
		NotAfter:     time.Now().AddDate(1, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &made, &made, &pair.PublicKey, pair)
	must(err)
	put(private, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(pair)}))
	put(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func put(path string, content []byte) {
	must(os.MkdirAll(filepath.Dir(path), 0o755))
	must(os.WriteFile(path, content, 0o600))
	must(os.Chown(path, harborUser, harborUser))
}

// Files of the host that harbor.yml names are copied to where the containers find them.
func copyCertificates(wanted asked) {
	if wanted.has("https") {
		for name, key := range map[string]string{"server.crt": "https.certificate", "server.key": "https.private_key"} {
			put(filepath.Join(dataFolder, "secret/cert", name), onHost(wanted.text(key, "")))
		}
	}
	for name, key := range map[string]string{
		"storage_ca_bundle.crt": "storage_service.ca_bundle",
		"redis_tls_ca.crt":      "external_redis.tlsOptions.rootCA",
	} {
		if path := wanted.text(key, ""); path != "" {
			write(filepath.Join("shared/trust-certificates", name), string(onHost(path)), 0o644, harborUser)
		}
	}
}

func onHost(path string) []byte {
	content, err := os.ReadFile(filepath.Join(hostFolder, path))
	must(err)
	return content
}

// Names that are never asked through a proxy: a set, whose order is another at each run.
func noProxy(wanted asked) string {
	names := map[string]bool{}
	inner := "127.0.0.1 localhost .local .internal log db redis nginx core portal postgresql jobservice registry registryctl trivy-adapter exporter"
	for _, name := range append(strings.Fields(inner), strings.Split(wanted.text("proxy.no_proxy", ""), ",")...) {
		if name != "" {
			names[name] = true
		}
	}
	var listed []string
	for name := range names {
		listed = append(listed, name)
	}
	return strings.Join(listed, ",")
}
