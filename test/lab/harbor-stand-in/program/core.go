package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func serveCore() {
	pool = openDatabase()
	awaitRedis()
	awaitDatabase()
	migrate()
	keepAdministrator()
	keys = readKeys("/etc/core/private_key.pem")
	go watchHealth()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v2.0/ping", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, "Pong")
	})
	mux.HandleFunc("GET /api/v2.0/health", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, healthNow()) })
	mux.HandleFunc("GET /api/v2.0/systeminfo", systemInfo)
	mux.HandleFunc("GET /api/v2.0/users/current", currentUser)
	mux.HandleFunc("PUT /api/v2.0/users/{id}/password", changePassword)
	addAPI(mux)
	mux.HandleFunc("GET /service/token", token)
	mux.HandleFunc("/v2/", registry())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answerErrors(w, 404, "NOT_FOUND", "the stand-in has no "+r.URL.Path)
	})
	go serveMetrics()
	serve(":8080", mux)
}

// Serves until it is told to end, and then lets what is under way end.
func serve(address string, handler http.Handler) {
	server := &http.Server{Addr: address, Handler: handler}
	ended := make(chan struct{})
	go func() {
		told := make(chan os.Signal, 1)
		signal.Notify(told, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
		<-told
		patience, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		_ = server.Shutdown(patience)
		close(ended)
	}()
	log.Printf("listening on %s", address)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fail(err.Error())
	}
	<-ended
}

func serveMetrics() {
	port := os.Getenv("METRIC_PORT")
	if os.Getenv("METRIC_ENABLE") != "true" || port == "" {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+env("METRIC_PATH", "/metrics"), func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# TYPE harbor_core_http_request_total counter\nharbor_core_http_request_total 1\n")
	})
	must(http.ListenAndServe(":"+port, mux))
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func answerErrors(w http.ResponseWriter, status int, code, message string) {
	answerJSON(w, status, map[string]any{"errors": []map[string]string{{"code": code, "message": message}}})
}

// The user of a request, by name and password; empty when nobody is known.
func userOf(r *http.Request) string {
	name, password, given := r.BasicAuth()
	if given && passwordIsRight(name, password) {
		return name
	}
	return ""
}

func systemInfo(w http.ResponseWriter, r *http.Request) {
	body := map[string]any{"auth_mode": "db_auth", "primary_auth_mode": false, "self_registration": false}
	if userOf(r) != "" {
		body["harbor_version"] = "v" + version() + "-stand-in"
		body["external_url"] = os.Getenv("EXT_ENDPOINT")
		body["registry_url"] = strings.TrimPrefix(os.Getenv("EXT_ENDPOINT"), "https://")
		body["registry_storage_provider_name"] = os.Getenv("REGISTRY_STORAGE_PROVIDER_NAME")
		body["read_only"] = false
	}
	answerJSON(w, 200, body)
}

func currentUser(w http.ResponseWriter, r *http.Request) {
	user := userOf(r)
	if user == "" {
		answerErrors(w, 401, "UNAUTHORIZED", "unauthorized")
		return
	}
	answerJSON(w, 200, map[string]any{"user_id": 1, "username": user, "sysadmin_flag": user == "admin"})
}

func changePassword(w http.ResponseWriter, r *http.Request) {
	var wish struct {
		Old string `json:"old_password"`
		New string `json:"new_password"`
	}
	user := userOf(r)
	switch {
	case user == "":
		answerErrors(w, 401, "UNAUTHORIZED", "unauthorized")
	case json.NewDecoder(r.Body).Decode(&wish) != nil || len(wish.New) < 8:
		answerErrors(w, 400, "BAD_REQUEST", "the password must be longer than 8 chars")
	case !passwordIsRight(user, wish.Old):
		answerErrors(w, 403, "FORBIDDEN", "old_password is not correct")
	default:
		if _, err := pool.Exec("update stand_in_users set password = $1 where name = $2", wish.New, user); err != nil {
			answerErrors(w, 500, "UNKNOWN", err.Error())
		}
	}
}

// Lets in who has a token for what is asked, or an administrator's password, and passes on to the registry.
func registry() http.HandlerFunc {
	target, err := url.Parse(os.Getenv("REGISTRY_URL"))
	must(err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	direct := proxy.Director
	proxy.Director = func(r *http.Request) {
		direct(r)
		r.SetBasicAuth(os.Getenv("REGISTRY_CREDENTIAL_USERNAME"), os.Getenv("REGISTRY_CREDENTIAL_PASSWORD"))
	}
	proxy.FlushInterval = -1
	proxy.ErrorHandler = func(w http.ResponseWriter, r *http.Request, err error) {
		log.Printf("registry: %s %s: %v", r.Method, r.URL.Path, err)
		w.WriteHeader(502)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		needed := neededFor(r)
		if !mayDo(r, needed) {
			scheme, _, _ := strings.Cut(os.Getenv("EXT_ENDPOINT"), "://")
			challenge := fmt.Sprintf(`Bearer realm="%s://%s/service/token",service="harbor-registry"`, scheme, r.Host)
			if needed.name != "" {
				challenge += fmt.Sprintf(`,scope="repository:%s:%s"`, needed.name, needed.action)
			}
			w.Header().Set("Www-Authenticate", challenge)
			w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
			answerErrors(w, 401, "UNAUTHORIZED", "unauthorized to access repository: "+needed.name+", action: "+needed.action)
			return
		}
		proxy.ServeHTTP(w, r)
	}
}
