package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// As Harbor's API writes it: a component that is well has no "error", so its name and status stand beside each other.
type component struct {
	Error  string `json:"error,omitempty"`
	Name   string `json:"name"`
	Status string `json:"status"`
}

type health struct {
	Components []component `json:"components"`
	Status     string      `json:"status"`
}

var (
	seen   atomic.Pointer[health]
	client = &http.Client{Timeout: 2 * time.Second}
)

// Nothing is well before it was asked.
func healthNow() health {
	if last := seen.Load(); last != nil {
		return *last
	}
	return judged(map[string]error{})
}

// Harbor asks every 10 s; tests would wait for nothing else.
func watchHealth() {
	for {
		found := judged(look())
		seen.Store(&found)
		time.Sleep(2 * time.Second)
	}
}

func names() []string {
	all := []string{"core", "database", "jobservice", "portal", "redis", "registry", "registryctl"}
	if os.Getenv("WITH_TRIVY") == "True" {
		all = append(all, "trivy")
	}
	return all
}

func look() map[string]error {
	patience, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	found := map[string]error{
		"core":        nil,
		"database":    pool.PingContext(patience),
		"jobservice":  answers(os.Getenv("JOBSERVICE_URL")+"/api/v1/stats", 200),
		"portal":      answers(os.Getenv("PORTAL_URL"), 200),
		"redis":       pingRedis(os.Getenv("_REDIS_URL_CORE")),
		"registry":    answers(os.Getenv("REGISTRY_URL")+"/v2/", 200, 401),
		"registryctl": answers(os.Getenv("REGISTRY_CONTROLLER_URL")+"/api/health", 200),
		"trivy":       answers(os.Getenv("TRIVY_ADAPTER_URL")+"/probe/healthy", 200),
	}
	// A test names components that shall be ill on this host.
	for _, name := range strings.Fields(told("unhealthy")) {
		found[name] = fmt.Errorf("a test said so")
	}
	return found
}

func answers(url string, statuses ...int) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if !slices.Contains(statuses, answer.StatusCode) {
		return fmt.Errorf("unexpected status code: %d", answer.StatusCode)
	}
	return nil
}

func judged(found map[string]error) health {
	whole := health{Status: "healthy"}
	for _, name := range names() {
		err, asked := found[name]
		switch {
		case !asked:
			whole.Components = append(whole.Components, component{"not checked yet", name, "unhealthy"})
			whole.Status = "unhealthy"
		case err != nil:
			whole.Components = append(whole.Components, component{err.Error(), name, "unhealthy"})
			whole.Status = "unhealthy"
		default:
			whole.Components = append(whole.Components, component{"", name, "healthy"})
		}
	}
	return whole
}
