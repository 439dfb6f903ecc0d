package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	_ "github.com/lib/pq"
)

// What migrations hold while they run; any number that all of them have.
const migrationLock = 1_807_052_200

var pool *sql.DB

// Connects as Harbor's programs do: by their environment, with the authorities that they trust.
func openDatabase() *sql.DB {
	quoted := func(value string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
	}
	text := fmt.Sprintf("host=%s port=%s user=%s password=%s dbname=%s sslmode=%s connect_timeout=5",
		quoted(os.Getenv("POSTGRESQL_HOST")), quoted(env("POSTGRESQL_PORT", "5432")), quoted(os.Getenv("POSTGRESQL_USERNAME")),
		quoted(os.Getenv("POSTGRESQL_PASSWORD")), quoted(os.Getenv("POSTGRESQL_DATABASE")), quoted(env("POSTGRESQL_SSLMODE", "disable")))
	if strings.HasPrefix(os.Getenv("POSTGRESQL_SSLMODE"), "verify") {
		must(os.WriteFile(allAuthorities+".postgresql", authorityTexts(), 0o644))
		text += " sslrootcert=" + quoted(allAuthorities+".postgresql")
	}
	opened, err := sql.Open("postgres", text)
	must(err)
	opened.SetMaxOpenConns(10)
	opened.SetConnMaxLifetime(time.Minute)
	return opened
}

// The schema that this release has.
func wantedSchema() int {
	number, err := strconv.Atoi(os.Getenv("STAND_IN_SCHEMA"))
	must(err)
	return number
}

// Brings the data base to this release's schema, once, whoever else tries. One that was interrupted is for people to mend.
func migrate() {
	background := context.Background()
	connection, err := pool.Conn(background)
	must(err)
	defer connection.Close()
	run := func(statement string, values ...any) {
		if _, err := connection.ExecContext(background, statement, values...); err != nil {
			fail("migration: " + err.Error())
		}
	}
	run("select pg_advisory_lock($1)", migrationLock)
	defer run("select pg_advisory_unlock($1)", migrationLock)
	run("create table if not exists schema_migrations (version bigint not null primary key, dirty boolean not null)")
	run("create table if not exists stand_in_migrations (id serial primary key, version bigint not null, at timestamptz not null default now())")
	run("create table if not exists stand_in_users (name text primary key, password text not null)")
	version, dirty := 0, false
	found := connection.QueryRowContext(background, "select version, dirty from schema_migrations").Scan(&version, &dirty)
	if found != nil && !errors.Is(found, sql.ErrNoRows) {
		fail("migration: " + found.Error())
	}
	if dirty {
		fail(fmt.Sprintf("Dirty database version %d. Fix and force version.", version))
	}
	wanted := wantedSchema()
	if version > wanted {
		fail(fmt.Sprintf("no migration found for version %d", version))
	}
	if version == wanted {
		log.Print("No change in schema, skip.")
		return
	}
	run("delete from schema_migrations")
	run("insert into schema_migrations (version, dirty) values ($1, true)", wanted)
	if seconds := told("migration-seconds"); seconds != "" {
		number, _ := strconv.ParseFloat(seconds, 64)
		log.Printf("the migration takes %s s", seconds)
		time.Sleep(time.Duration(number * float64(time.Second)))
	}
	run("insert into stand_in_migrations (version) values ($1)", wanted)
	run("update schema_migrations set dirty = false")
	log.Printf("Migrated the schema from %d to %d", version, wanted)
}

// The administrator's password is that of the first start; what the environment says later is ignored.
func keepAdministrator() {
	_, err := pool.Exec("insert into stand_in_users (name, password) values ('admin', $1) on conflict do nothing", os.Getenv("HARBOR_ADMIN_PASSWORD"))
	if err != nil {
		fail("administrator: " + err.Error())
	}
}

func passwordIsRight(name, password string) bool {
	var kept string
	err := pool.QueryRow("select password from stand_in_users where name = $1", name).Scan(&kept)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		log.Printf("data base: %v", err)
	}
	return err == nil && kept == password
}

func migrateOnly() {
	pool = openDatabase()
	awaitRedis()
	awaitDatabase()
	migrate()
}

// Harbor's core asks Redis before it does anything, even to migrate.
func awaitRedis() {
	url := os.Getenv("_REDIS_URL_CORE")
	if url == "" {
		fail("_REDIS_URL_CORE is empty")
	}
	for {
		err := pingRedis(url)
		if err == nil {
			return
		}
		log.Printf("redis: %v", err)
		time.Sleep(time.Second)
	}
}

func awaitDatabase() {
	for tries := 0; ; tries++ {
		err := pool.Ping()
		if err == nil {
			return
		}
		if tries == 30 {
			fail("data base: " + err.Error())
		}
		log.Printf("data base: %v", err)
		time.Sleep(time.Second)
	}
}

// What a test tells this host's Harbor: the text of a file in /data/stand-in, empty when it is not there.
func told(name string) string {
	text, _ := os.ReadFile("/data/stand-in/" + name)
	return strings.TrimSpace(string(text))
}
