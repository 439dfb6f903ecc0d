package main

import (
	"crypto/x509"
	"os"
	"path/filepath"
)

const (
	systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"
	// Where install_cert.sh of the images puts those of the system and those of /harbor_cust_cert together.
	allAuthorities = "/tmp/authorities.crt"
)

// What Harbor's programs trust: the world's authorities and those in /harbor_cust_cert.
func authorities() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorityTexts())
	return pool
}

func authorityTexts() []byte {
	text, _ := os.ReadFile(systemAuthorities)
	files, _ := filepath.Glob("/harbor_cust_cert/*.crt")
	for _, file := range files {
		one, _ := os.ReadFile(file)
		text = append(append(text, '\n'), one...)
	}
	return text
}
