package main

import (
	"fmt"
	"strings"
)

// A service of the compose file, as Harbor's own file has it.
type service struct {
	name, image, container, tag string
	capabilities                []string
	env                         string
	folders                     []string
	files                       [][2]string
	ports                       []string
	after                       []string
	allCapabilities             bool
}

const trust = "./common/config/shared/trust-certificates"

func composeFile(wanted asked, trivy bool) string {
	data := wanted.text("data_volume", "")
	change := []string{"CHOWN", "SETGID", "SETUID"}
	own := [2]string{trust, "/harbor_cust_cert"}
	registry := []string{data + "/registry:/storage:z", "./common/config/registry/:/etc/registry/:z"}
	metrics := wanted.text("metric.enabled", "") == "true"
	nginx := service{name: "proxy", image: "nginx-photon", container: "nginx", tag: "proxy", capabilities: append(change, "NET_BIND_SERVICE"),
		folders: []string{"./common/config/nginx:/etc/nginx:z"}, files: [][2]string{own},
		ports: []string{wanted.text("http.port", "80") + ":8080"}, after: []string{"registry", "core", "portal", "log"}}
	if wanted.has("https") {
		nginx.folders = append(nginx.folders, data+"/secret/cert:/etc/cert:z")
		nginx.ports = append(nginx.ports, wanted.text("https.port", "443")+":8443")
	}
	if metrics {
		nginx.ports = append(nginx.ports, wanted.text("metric.port", "9090")+":9090")
	}
	services := []service{
		{name: "log", image: "harbor-log", container: "harbor-log", capabilities: []string{"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"},
			folders: []string{wanted.text("log.local.location", "") + "/:/var/log/docker/:z"},
			files: [][2]string{{"./common/config/log/logrotate.conf", "/etc/logrotate.d/logrotate.conf"},
				{"./common/config/log/rsyslog_docker.conf", "/etc/rsyslog.d/rsyslog_docker.conf"}},
			ports: []string{"127.0.0.1:1514:10514"}},
		{name: "registry", image: "registry-photon", container: "registry", tag: "registry", capabilities: change, folders: registry,
			files: [][2]string{{data + "/secret/registry/root.crt", "/etc/registry/root.crt"}, own}, after: []string{"log"}},
		{name: "registryctl", image: "harbor-registryctl", container: "registryctl", tag: "registryctl", capabilities: change, env: "registryctl",
			folders: registry, files: [][2]string{{"./common/config/registryctl/config.yml", "/etc/registryctl/config.yml"}, own}, after: []string{"log"}},
		{name: "core", image: "harbor-core", container: "harbor-core", tag: "core", capabilities: []string{"SETGID", "SETUID"}, env: "core",
			folders: []string{data + "/ca_download/:/etc/core/ca/:z", data + "/:/data/:z", "./common/config/core/certificates/:/etc/core/certificates/:z"},
			files: [][2]string{{"./common/config/core/app.conf", "/etc/core/app.conf"}, {data + "/secret/core/private_key.pem", "/etc/core/private_key.pem"},
				{data + "/secret/keys/secretkey", "/etc/core/key"}, own}, after: []string{"log", "registry"}},
		{name: "portal", image: "harbor-portal", container: "harbor-portal", tag: "portal", capabilities: append(change, "NET_BIND_SERVICE"),
			files: [][2]string{{"./common/config/portal/nginx.conf", "/etc/nginx/nginx.conf"}}, after: []string{"log"}},
		{name: "jobservice", image: "harbor-jobservice", container: "harbor-jobservice", tag: "jobservice", capabilities: change, env: "jobservice",
			folders: []string{data + "/job_logs:/var/log/jobs:z"},
			files:   [][2]string{{"./common/config/jobservice/config.yml", "/etc/jobservice/config.yml"}, own}, after: []string{"core"}},
		nginx,
	}
	if trivy {
		services = append(services, service{name: "trivy-adapter", image: "trivy-adapter-photon", container: "trivy-adapter", tag: "trivy-adapter",
			env: "trivy-adapter", files: [][2]string{{data + "/trivy-adapter/trivy", "/home/scanner/.cache/trivy"},
				{data + "/trivy-adapter/reports", "/home/scanner/.cache/reports"}, own}, after: []string{"log"}})
	}
	if metrics {
		services = append(services, service{name: "exporter", image: "harbor-exporter", container: "harbor-exporter", tag: "exporter",
			env: "exporter", files: [][2]string{own}, after: []string{"core"}, allCapabilities: true})
	}
	var text strings.Builder
	text.WriteString("services:\n")
	for _, one := range services {
		one.writeTo(&text)
	}
	text.WriteString("networks:\n  harbor:\n    external: false\n")
	return text.String()
}

func (s service) writeTo(text *strings.Builder) {
	line := func(format string, values ...any) { fmt.Fprintf(text, format+"\n", values...) }
	list := func(key string, values []string) {
		if len(values) > 0 {
			line("    %s:\n      - %s", key, strings.Join(values, "\n      - "))
		}
	}
	line("  %s:\n    image: goharbor/%s:v%s\n    container_name: %s\n    restart: always", s.name, s.image, version(), s.container)
	if !s.allCapabilities {
		line("    cap_drop:\n      - ALL")
	}
	list("cap_add", s.capabilities)
	if s.env != "" {
		line("    env_file:\n      - ./common/config/%s/env", s.env)
	}
	if len(s.folders)+len(s.files) > 0 {
		line("    volumes:")
	}
	for _, folder := range s.folders {
		line("      - %s", folder)
	}
	for _, file := range s.files {
		line("      - type: bind\n        source: %s\n        target: %s", file[0], file[1])
	}
	line("    networks:\n      - harbor")
	list("ports", s.ports)
	list("depends_on", s.after)
	if s.tag != "" {
		line("    logging:\n      driver: \"syslog\"\n      options:\n        syslog-address: \"tcp://localhost:1514\"\n        tag: \"%s\"", s.tag)
	}
}
