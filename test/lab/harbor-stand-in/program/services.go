package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

func text(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, content) }
}

// Ends at once when core does not answer: it has its settings from there.
func serveJobservice() {
	if err := answers(os.Getenv("CORE_URL")+"/api/v2.0/ping", 200); err != nil {
		fail("failed to load rest config: " + err.Error())
	}
	var config struct {
		Pool struct {
			Redis struct {
				URL string `yaml:"redis_url"`
			} `yaml:"redis_pool"`
		} `yaml:"worker_pool"`
	}
	must(yaml.Unmarshal([]byte(readText("/etc/jobservice/config.yml")), &config))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/stats", func(w http.ResponseWriter, _ *http.Request) {
		if err := pingRedis(config.Pool.Redis.URL); err != nil {
			answerErrors(w, 500, "UNKNOWN", err.Error())
			return
		}
		answerJSON(w, 200, map[string]any{"worker_pools": []map[string]any{{"worker_pool_id": "stand-in", "status": "Healthy"}}})
	})
	serve(":8080", mux)
}

func serveRegistryController() {
	// What the registry reads it reads as well, and so it must be allowed to.
	readText("/etc/registry/config.yml")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/health", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, "healthy") })
	serve(":8080", mux)
}

func serveExporter() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+env("HARBOR_EXPORTER_METRICS_PATH", "/metrics"), func(w http.ResponseWriter, _ *http.Request) {
		up := 0
		if answers("http://"+env("HARBOR_SERVICE_HOST", "core")+":8080/api/v2.0/ping", 200) == nil {
			up = 1
		}
		fmt.Fprintf(w, "# TYPE harbor_up gauge\nharbor_up{component=\"core\"} %d\n", up)
	})
	serve(":8080", mux)
}

func servePortal() {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>Harbor</title>")
	})
	serve(":8080", mux)
}

func serveScanner() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /probe/healthy", text(""))
	mux.HandleFunc("GET /probe/ready", text(""))
	serve(":8080", mux)
}

// A line of the engine's syslog driver: <30>Nov 25 20:37:00 host core[123]: text
var program = regexp.MustCompile(`^<\d+>\S+ +\d+ [\d:]+ (?:\S+ )?([A-Za-z0-9_-]+)\[\d+\]: `)

// Writes a file for each program that sends lines.
func serveLog() {
	const folder = "/var/log/docker"
	must(os.Chown(folder, harborUser, harborUser))
	listener, err := net.Listen("tcp", ":10514")
	must(err)
	log.Print("listening on :10514")
	var one sync.Mutex
	for {
		connection, err := listener.Accept()
		must(err)
		go func() {
			defer connection.Close()
			lines := bufio.NewScanner(connection)
			lines.Buffer(make([]byte, 1<<16), 1<<20)
			for lines.Scan() {
				name := "other"
				if found := program.FindStringSubmatch(lines.Text()); found != nil {
					name = found[1]
				}
				one.Lock()
				file, err := os.OpenFile(filepath.Join(folder, name+".log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
				must(err)
				fmt.Fprintln(file, strings.TrimSpace(lines.Text()))
				_ = file.Close()
				one.Unlock()
			}
		}()
	}
}
