// Stands in for the programs of Harbor's images in tests: the same names, arguments, files, ports and answers, as far as
// anything of harborwright sees them. Which one it is says the name it is called by.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	log.SetFlags(log.Ldate | log.Ltime | log.Lmicroseconds)
	arguments := os.Args[1:]
	switch name := filepath.Base(os.Args[0]); name {
	case "python3":
		if len(arguments) < 2 || arguments[0] != "main.py" || arguments[1] != "prepare" {
			fail("usage: main.py prepare [--with-trivy]")
		}
		prepare(arguments[2:])
	case "harbor_core":
		if slices.Contains(arguments, "-mode=migrate") {
			migrateOnly()
		} else {
			serveCore()
		}
	case "harbor_jobservice":
		serveJobservice()
	case "harbor_registryctl":
		serveRegistryController()
	case "harbor_exporter":
		serveExporter()
	case "harbor_portal":
		servePortal()
	case "scanner-trivy":
		serveScanner()
	case "rsyslogd":
		serveLog()
	default:
		fail("nobody is called " + name)
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
