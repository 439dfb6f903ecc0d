package main

import (
	"net/http"
)

// As much of the API as is asked when nothing shall be set inside of Harbor: one project, no schedules.
func addAPI(mux *http.ServeMux) {
	forAdministrators := func(pattern string, body any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if userOf(r) == "" {
				answerErrors(w, 401, "UNAUTHORIZED", "unauthorized")
				return
			}
			answerJSON(w, 200, body)
		})
	}
	library := map[string]any{"project_id": 1, "name": "library", "metadata": map[string]string{"public": "true"}}
	forAdministrators("GET /api/v2.0/projects", []any{library})
	forAdministrators("GET /api/v2.0/projects/library", library)
	forAdministrators("DELETE /api/v2.0/projects/library/repositories/{name}", nil)
	forAdministrators("GET /api/v2.0/schedules", []any{})
	forAdministrators("GET /api/v2.0/configurations", map[string]any{
		"read_only": map[string]any{"value": false, "editable": true},
		"auth_mode": map[string]any{"value": "db_auth", "editable": true},
	})
}
