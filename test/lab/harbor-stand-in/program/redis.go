package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Where Redis is, as _REDIS_URL_CORE says it. Of Sentinels there are several, so no URL library reads it.
type redisPlace struct {
	addresses      []string
	master         string
	user, password string
	tls            bool
}

func redisPlaceOf(text string) (redisPlace, error) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return redisPlace{}, errors.New("no URL of Redis")
	}
	var place redisPlace
	place.tls = strings.HasPrefix(scheme, "rediss")
	rest, _, _ = strings.Cut(rest, "?")
	if login, hosts, has := strings.Cut(rest, "@"); has {
		user, password, _ := strings.Cut(login, ":")
		plain, err := url.QueryUnescape(password)
		if err != nil {
			return place, err
		}
		place.user, place.password, rest = user, plain, hosts
	}
	hosts, path, _ := strings.Cut(rest, "/")
	place.addresses = strings.Split(hosts, ",")
	if strings.HasSuffix(scheme, "+sentinel") {
		place.master, _, _ = strings.Cut(path, "/")
	}
	return place, nil
}

// Whether Redis takes writes: it is asked through a Sentinel where there are some.
func pingRedis(text string) error {
	place, err := redisPlaceOf(text)
	if err != nil {
		return err
	}
	if place.master == "" {
		return place.ping(place.addresses[0])
	}
	for _, sentinel := range place.addresses {
		var answer []string
		answer, err = redisPlace{tls: place.tls}.ask(sentinel, "SENTINEL", "get-master-addr-by-name", place.master)
		if err != nil {
			continue
		}
		if len(answer) != 2 {
			err = fmt.Errorf("the sentinel %s knows no %s", sentinel, place.master)
			continue
		}
		if err = place.ping(net.JoinHostPort(answer[0], answer[1])); err == nil {
			return nil
		}
	}
	return err
}

func (p redisPlace) ping(address string) error {
	answer, err := p.ask(address, "ROLE")
	if err == nil && (len(answer) == 0 || answer[0] != "master") {
		return fmt.Errorf("%s is no primary", address)
	}
	return err
}

// One command on a connection of its own.
func (p redisPlace) ask(address string, words ...string) ([]string, error) {
	dialer := &net.Dialer{Timeout: time.Second}
	var connection net.Conn
	var err error
	if p.tls {
		connection, err = tls.DialWithDialer(dialer, "tcp", address, &tls.Config{RootCAs: authorities()})
	} else {
		connection, err = dialer.Dial("tcp", address)
	}
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(2 * time.Second))
	reader := bufio.NewReader(connection)
	if p.password != "" {
		login := []string{"AUTH", p.password}
		if p.user != "" {
			login = []string{"AUTH", p.user, p.password}
		}
		if _, err := command(connection, reader, login); err != nil {
			return nil, err
		}
	}
	return command(connection, reader, words)
}

func command(connection net.Conn, reader *bufio.Reader, words []string) ([]string, error) {
	var text strings.Builder
	fmt.Fprintf(&text, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&text, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := connection.Write([]byte(text.String())); err != nil {
		return nil, err
	}
	return answer(reader)
}

// An answer of RESP, its lists made flat.
func answer(reader *bufio.Reader) ([]string, error) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return nil, err
	}
	line = strings.TrimSpace(line)
	if line == "" {
		return nil, errors.New("an empty answer of Redis")
	}
	count := 0
	_, _ = fmt.Sscan(line[1:], &count)
	switch line[0] {
	case '-':
		return nil, errors.New(line[1:])
	case '$':
		if count < 0 {
			return nil, nil
		}
		bytes := make([]byte, count+2)
		for read := 0; read < len(bytes); {
			n, err := reader.Read(bytes[read:])
			if err != nil {
				return nil, err
			}
			read += n
		}
		return []string{string(bytes[:count])}, nil
	case '*':
		var all []string
		for range count {
			one, err := answer(reader)
			if err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	}
	return []string{line[1:]}, nil
}
