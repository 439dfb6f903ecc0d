package main

import (
	"net/url"
	"strings"
)

// Lines of an env file, in their order.
type lines []string

func (l *lines) add(key, value string) { *l = append(*l, key+"="+value) }

func (l lines) String() string { return strings.Join(l, "\n") + "\n" }

func writeEnvironments(wanted asked, secrets drawnSecrets, trivy bool) {
	write("core/env", coreEnv(wanted, secrets, trivy).String(), 0o640, 0)
	write("jobservice/env", jobserviceEnv(wanted, secrets).String(), 0o640, 0)
	var controller lines
	controller.add("CORE_SECRET", secrets.core)
	controller.add("JOBSERVICE_SECRET", secrets.jobservice)
	write("registryctl/env", controller.String(), 0o640, 0)
	if trivy {
		write("trivy-adapter/env", scannerEnv(wanted).String(), 0o640, 0)
	}
	if wanted.text("metric.enabled", "") == "true" {
		write("exporter/env", exporterEnv(wanted).String(), 0o640, 0)
	}
}

// Where a data base of Redis is: redis://, or redis+sentinel:// with all Sentinels and the name of the master.
func redisURL(wanted asked, database string) string {
	scheme := "redis"
	if wanted.text("external_redis.tlsOptions.enable", "") == "true" {
		scheme = "rediss"
	}
	path := ""
	if master := wanted.text("external_redis.sentinel_master_set", ""); master != "" {
		scheme += "+sentinel"
		path = "/" + master
	}
	if database != "" && database != "0" {
		path += "/" + database
	}
	login := ""
	user, password := wanted.text("external_redis.username", ""), wanted.text("external_redis.password", "")
	if user != "" || password != "" {
		login = user + ":" + url.QueryEscape(password) + "@"
	}
	idle := wanted.text("external_redis.idle_timeout_seconds", "30")
	return scheme + "://" + login + wanted.text("external_redis.host", "redis:6379") + path + "?idle_timeout_seconds=" + idle
}

func coreEnv(wanted asked, secrets drawnSecrets, trivy bool) lines {
	database := func(key string) string { return wanted.text("external_database.harbor."+key, "") }
	var env lines
	env.add("CONFIG_PATH", "/etc/core/app.conf")
	env.add("_REDIS_URL_CORE", redisURL(wanted, "0"))
	if wanted.has("external_redis.harbor_db_index") {
		env.add("_REDIS_URL_HARBOR", redisURL(wanted, wanted.text("external_redis.harbor_db_index", "")))
	}
	env.add("_REDIS_URL_REG", redisURL(wanted, wanted.text("external_redis.registry_db_index", "1")))
	env.add("LOG_LEVEL", wanted.text("log.level", ""))
	env.add("EXT_ENDPOINT", wanted.text("external_url", "http://"+wanted.text("hostname", "")))
	env.add("DATABASE_TYPE", "postgresql")
	env.add("POSTGRESQL_HOST", database("host"))
	env.add("POSTGRESQL_PORT", database("port"))
	env.add("POSTGRESQL_USERNAME", database("username"))
	env.add("POSTGRESQL_PASSWORD", database("password"))
	env.add("POSTGRESQL_DATABASE", database("db_name"))
	env.add("POSTGRESQL_SSLMODE", database("ssl_mode"))
	env.add("POSTGRESQL_MAX_IDLE_CONNS", database("max_idle_conns"))
	env.add("POSTGRESQL_MAX_OPEN_CONNS", database("max_open_conns"))
	env.add("REGISTRY_URL", "http://registry:5000")
	env.add("PORTAL_URL", "http://portal:8080")
	env.add("TOKEN_SERVICE_URL", "http://core:8080/service/token")
	env.add("HARBOR_ADMIN_PASSWORD", wanted.text("harbor_admin_password", ""))
	env.add("MAX_JOB_WORKERS", wanted.text("jobservice.max_job_workers", ""))
	env.add("CORE_SECRET", secrets.core)
	env.add("JOBSERVICE_SECRET", secrets.jobservice)
	env.add("WITH_TRIVY", map[bool]string{true: "True", false: "False"}[trivy])
	env.add("CORE_URL", "http://core:8080")
	env.add("CORE_LOCAL_URL", "http://127.0.0.1:8080")
	env.add("JOBSERVICE_URL", "http://jobservice:8080")
	env.add("TRIVY_ADAPTER_URL", "http://trivy-adapter:8080")
	env.add("REGISTRY_STORAGE_PROVIDER_NAME", driverOf(wanted))
	env.add("READ_ONLY", "false")
	env.add("RELOAD_KEY", "")
	env.add("REGISTRY_CONTROLLER_URL", "http://registryctl:8080")
	env.add("REGISTRY_CREDENTIAL_USERNAME", "harbor_registry_user")
	env.add("REGISTRY_CREDENTIAL_PASSWORD", secrets.registry)
	env.add("CSRF_KEY", secrets.csrf)
	env.add("ROBOT_SCANNER_NAME_PREFIX", secrets.scanner)
	addProxy(&env, wanted, "core")
	env.add("PORT", "8080")
	addMetrics(&env, wanted, "core")
	if wanted.text("cache.enabled", "") == "true" {
		env.add("CACHE_ENABLED", "true")
		env.add("CACHE_EXPIRE_HOURS", wanted.text("cache.expire_hours", "24"))
	}
	env.add("QUOTA_UPDATE_PROVIDER", wanted.text("core.quota_update_provider", "db"))
	return env
}

func addProxy(env *lines, wanted asked, component string) {
	used := false
	for _, name := range wanted.list("proxy.components") {
		used = used || name == component
	}
	value := func(key string) string {
		if !used {
			return ""
		}
		return wanted.text("proxy."+key, "")
	}
	env.add("HTTP_PROXY", value("http_proxy"))
	env.add("HTTPS_PROXY", value("https_proxy"))
	env.add("NO_PROXY", noProxy(wanted))
}

func addMetrics(env *lines, wanted asked, subsystem string) {
	if wanted.text("metric.enabled", "") != "true" {
		return
	}
	env.add("METRIC_ENABLE", "true")
	env.add("METRIC_PATH", wanted.text("metric.path", ""))
	env.add("METRIC_PORT", wanted.text("metric.port", ""))
	env.add("METRIC_NAMESPACE", "harbor")
	env.add("METRIC_SUBSYSTEM", subsystem)
}

func jobserviceEnv(wanted asked, secrets drawnSecrets) lines {
	var env lines
	env.add("CORE_SECRET", secrets.core)
	env.add("REGISTRY_URL", "http://registry:5000")
	env.add("JOBSERVICE_SECRET", secrets.jobservice)
	env.add("CORE_URL", "http://core:8080")
	env.add("REGISTRY_CONTROLLER_URL", "http://registryctl:8080")
	env.add("JOBSERVICE_WEBHOOK_JOB_MAX_RETRY", wanted.text("notification.webhook_job_max_retry", ""))
	env.add("JOBSERVICE_WEBHOOK_JOB_HTTP_CLIENT_TIMEOUT", wanted.text("notification.webhook_job_http_client_timeout", ""))
	env.add("LOG_LEVEL", wanted.text("log.level", ""))
	addProxy(&env, wanted, "jobservice")
	env.add("REGISTRY_CREDENTIAL_USERNAME", "harbor_registry_user")
	env.add("REGISTRY_CREDENTIAL_PASSWORD", secrets.registry)
	return env
}

func scannerEnv(wanted asked) lines {
	var env lines
	env.add("SCANNER_LOG_LEVEL", wanted.text("log.level", ""))
	env.add("SCANNER_REDIS_URL", redisURL(wanted, wanted.text("external_redis.trivy_db_index", "5")))
	env.add("SCANNER_TRIVY_CACHE_DIR", "/home/scanner/.cache/trivy")
	env.add("SCANNER_TRIVY_REPORTS_DIR", "/home/scanner/.cache/reports")
	for _, key := range []string{"ignore_unfixed", "skip_update", "offline_scan", "insecure"} {
		env.add("SCANNER_TRIVY_"+strings.ToUpper(key), python(wanted.text("trivy."+key, "")))
	}
	env.add("SCANNER_TRIVY_GITHUB_TOKEN", wanted.text("trivy.github_token", ""))
	addProxy(&env, wanted, "trivy")
	return env
}

func exporterEnv(wanted asked) lines {
	var env lines
	env.add("LOG_LEVEL", wanted.text("log.level", ""))
	env.add("HARBOR_EXPORTER_PORT", "8080")
	env.add("HARBOR_EXPORTER_METRICS_PATH", "/metrics")
	env.add("HARBOR_SERVICE_HOST", "core")
	env.add("HARBOR_SERVICE_PORT", "8080")
	env.add("HARBOR_SERVICE_SCHEME", "http")
	for _, key := range []string{"host", "port", "username", "password"} {
		env.add("HARBOR_DATABASE_"+strings.ToUpper(key), wanted.text("external_database.harbor."+key, ""))
	}
	env.add("HARBOR_DATABASE_DBNAME", wanted.text("external_database.harbor.db_name", ""))
	env.add("HARBOR_DATABASE_SSLMODE", wanted.text("external_database.harbor.ssl_mode", ""))
	return env
}
