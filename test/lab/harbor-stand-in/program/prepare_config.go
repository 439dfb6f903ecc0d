package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// The first driver that harbor.yml has something for; what it has nothing for goes to the disk, without a word.
func driverOf(wanted asked) string {
	for _, name := range []string{"filesystem", "azure", "gcs", "s3", "swift", "oss"} {
		if parameters, ok := wanted.value("storage_service." + name).(map[string]any); ok && len(parameters) > 0 {
			return name
		}
	}
	return "filesystem"
}

func writeConfigurations(wanted asked) {
	config := func(path, text string) { write(path, text, 0o640, harborUser) }
	config("core/app.conf", "appname = Harbor\nrunmode = prod\n\n[prod]\nhttpport = 8080\n")
	config("registry/config.yml", registryConfig(wanted))
	config("registryctl/config.yml", "protocol: \"http\"\nport: 8080\nlog_level: info\nregistry_config: \"/etc/registry/config.yml\"\n")
	config("jobservice/config.yml", fmt.Sprintf(
		"protocol: \"http\"\nport: 8080\nworker_pool:\n  workers: %s\n  backend: \"redis\"\n  redis_pool:\n    redis_url: %s\n    namespace: \"harbor_job_service_namespace\"\n",
		wanted.text("jobservice.max_job_workers", ""), redisURL(wanted, wanted.text("external_redis.jobservice_db_index", "2"))))
	config("portal/nginx.conf", "# The stand-in of the portal serves one page and reads nothing.\n")
	config("log/logrotate.conf", "/var/log/docker/*.log {\n    rotate "+wanted.text("log.local.rotate_count", "")+"\n}\n")
	config("log/rsyslog_docker.conf", "# The stand-in of the log writes a file for each program.\n")
	config("nginx/nginx.conf", nginxConfig(wanted))
}

func registryConfig(wanted asked) string {
	driver := driverOf(wanted)
	parameters, _ := wanted.value("storage_service." + driver).(map[string]any)
	var names []string
	for name := range parameters {
		names = append(names, name)
	}
	slices.Sort(names)
	var text strings.Builder
	line := func(format string, values ...any) { fmt.Fprintf(&text, format+"\n", values...) }
	line("version: 0.1")
	line("log:\n  level: %s\n  fields:\n    service: registry", wanted.text("log.level", ""))
	line("storage:")
	// The registry of this stand-in knows no Sentinel.
	line("  cache:\n    blobdescriptor: inmemory")
	line("  %s:", driver)
	if driver == "filesystem" {
		line("    rootdirectory: /storage")
	}
	for _, name := range names {
		line("    %s: %s", name, written(parameters[name]))
	}
	line("  maintenance:\n    uploadpurging:")
	if wanted.text("upload_purging.enabled", "true") == "true" {
		line("      enabled: true\n      age: %s\n      interval: %s\n      dryrun: %s",
			wanted.text("upload_purging.age", "168h"), wanted.text("upload_purging.interval", "24h"), wanted.text("upload_purging.dryrun", "false"))
	} else {
		line("      enabled: false")
	}
	line("  delete:\n    enabled: true")
	if wanted.text("storage_service.redirect.disable", "") == "true" {
		line("  redirect:\n    disable: true")
	}
	line("redis:\n  addr: %s", wanted.text("external_redis.host", "redis:6379"))
	if master := wanted.text("external_redis.sentinel_master_set", ""); master != "" {
		line("  sentinelMasterSet: %s", master)
	}
	line("  password: %s\n  db: %s", wanted.text("external_redis.password", ""), wanted.text("external_redis.registry_db_index", "1"))
	debug := "    addr: localhost:5001"
	if wanted.text("metric.enabled", "") == "true" {
		debug = fmt.Sprintf("    addr: :%s\n    prometheus:\n      enabled: true\n      path: %s", wanted.text("metric.port", ""), wanted.text("metric.path", ""))
	}
	line("http:\n  addr: :5000\n  secret: placeholder\n  debug:\n%s", debug)
	line("auth:\n  htpasswd:\n    realm: harbor-registry-basic-realm\n    path: /etc/registry/passwd")
	line("validation:\n  disabled: true")
	return text.String()
}

func written(value any) string {
	if value == false {
		return "False"
	}
	return fmt.Sprint(value)
}

func nginxConfig(wanted asked) string {
	tls := wanted.has("https")
	var places strings.Builder
	for _, place := range [][2]string{{"/", "portal"}, {"/c/", "core"}, {"/api/", "core"}, {"/service/", "core"}, {"/v2/", "core"}} {
		host := "$http_host"
		if !tls && place[0] != "/v2/" {
			host = "$host"
		}
		fmt.Fprintf(&places, `    location %s {
      proxy_pass http://%s%s;
      proxy_set_header Host %s;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $forwarded_proto;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_send_timeout 900;
      proxy_read_timeout 900;
    }
`, place[0], place[1], place[0], host)
	}
	listen := "    listen 8080;\n"
	redirect := ""
	if tls {
		listen = "    listen 8443 ssl;\n    ssl_certificate /etc/cert/server.crt;\n    ssl_certificate_key /etc/cert/server.key;\n"
		redirect = "  server {\n    listen 8080;\n    return 308 https://$host$request_uri;\n  }\n"
	}
	metrics := ""
	if wanted.text("metric.enabled", "") == "true" {
		port := wanted.text("metric.port", "")
		metrics = fmt.Sprintf(`  server {
    listen 9090;
    location = %s {
      if ($arg_comp = core) { proxy_pass http://core_metrics; }
      if ($arg_comp = registry) { proxy_pass http://registry_metrics; }
      proxy_pass http://exporter:8080;
    }
  }
  upstream core_metrics {
    server core:%s;
  }
  upstream registry_metrics {
    server registry:%s;
  }
`, wanted.text("metric.path", "/metrics"), port, port)
	}
	return fmt.Sprintf(`worker_processes 1;
pid /tmp/nginx.pid;
error_log /dev/stderr;
events {
  worker_connections 1024;
}
http {
  client_body_temp_path /tmp/client_body_temp;
  proxy_temp_path /tmp/proxy_temp;
  fastcgi_temp_path /tmp/fastcgi_temp;
  uwsgi_temp_path /tmp/uwsgi_temp;
  scgi_temp_path /tmp/scgi_temp;
  proxy_http_version 1.1;
  access_log /dev/stdout;
  upstream core {
    server core:8080;
  }
  upstream portal {
    server portal:8080;
  }
  map $http_x_forwarded_proto $forwarded_proto {
    default $http_x_forwarded_proto;
    "" $scheme;
  }
  server {
%s    server_tokens off;
    client_max_body_size 0;
%s    location /service/notifications {
      return 404;
    }
  }
%s%s}
`, listen, places.String(), redirect, metrics)
}

// The release that the image belongs to: 2.15.2.
func version() string { return os.Getenv("STAND_IN_VERSION") }

func readText(path string) string {
	text, err := os.ReadFile(path)
	must(err)
	return string(text)
}
