package main

import (
	"fmt"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
)

// What harbor.yml asks for, by paths of keys: external_database.harbor.host.
type asked map[string]any

func readAsked(path string) asked {
	text, err := os.ReadFile(path)
	must(err)
	plain := map[string]any{} // into a map with a name of its own, those inside of it would be of that type
	must(yaml.Unmarshal(text, &plain))
	found := asked(plain)
	for _, needed := range []string{"hostname", "harbor_admin_password", "data_volume", "jobservice.job_loggers",
		"log.level", "log.local.location", "notification.webhook_job_max_retry"} {
		if !found.has(needed) {
			fail("KeyError: " + needed)
		}
	}
	if found.has("internal_tls.enabled") && found.text("internal_tls.enabled", "") == "true" {
		fail("the stand-in speaks no TLS between its containers")
	}
	return found
}

func (a asked) value(path string) any {
	var at any = map[string]any(a)
	for _, key := range strings.Split(path, ".") {
		folder, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = folder[key]
	}
	return at
}

func (a asked) has(path string) bool { return a.value(path) != nil }

func (a asked) text(path, otherwise string) string {
	value := a.value(path)
	if value == nil {
		return otherwise
	}
	return fmt.Sprint(value)
}

func (a asked) list(path string) []string {
	var found []string
	values, _ := a.value(path).([]any)
	for _, value := range values {
		found = append(found, fmt.Sprint(value))
	}
	return found
}

// As Python writes a truth into a text.
func python(truth string) string {
	if truth == "true" {
		return "True"
	}
	return "False"
}
