// The Lock of go-zookeeper/zk, whose user has to hear from the session's events when it may be lost.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/go-zookeeper/zk"
	"golang.org/x/sys/unix"
)

type told struct {
	Type, Connect, Election string
	SessionTimeoutMs        int
}

func say(kind string) {
	var now unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	fmt.Printf("{\"type\":%q,\"at\":%d}\n", kind, now.Nano())
}

func main() {
	lines, held, terminated := make(chan told), make(chan *zk.Lock), make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() { <-terminated; lines <- told{Type: "leave"} }()
	go func() {
		decoder, line := json.NewDecoder(os.Stdin), told{}
		for ; decoder.Decode(&line) == nil; line = (told{}) {
			lines <- line
		}
		lines <- told{Type: "leave"}
	}()
	var line, stood told
	var conn *zk.Conn
	var events <-chan zk.Event
	var own *zk.Lock
	stand := func(election string) {
		lock := zk.NewLock(conn, election, zk.WorldACL(zk.PermAll))
		for lock.Lock() != nil {
			time.Sleep(50 * time.Millisecond)
		}
		held <- lock
	}
	for line.Type != "leave" {
		line = told{}
		select {
		case line = <-lines:
		case own = <-held:
			say("leading")
		case event := <-events:
			if own != nil && (event.State == zk.StateDisconnected || event.State == zk.StateExpired) {
				say("ended")
				go func(lost *zk.Lock, election string) { _ = lost.Unlock(); stand(election) }(own, stood.Election)
				own = nil
			}
		}
		if line.Type == "join" && conn == nil {
			timeout := time.Duration(line.SessionTimeoutMs) * time.Millisecond
			conn, events, _ = zk.Connect(strings.Split(line.Connect, ","), timeout)
		}
		if line.Type == "join" && stood.Type == "" {
			stood = line
			go stand(line.Election)
		} else if line.Type != "" && line.Type != "join" && own != nil {
			say("ended")
			_ = own.Unlock()
			own, stood = nil, told{}
		}
	}
	if conn != nil {
		conn.Close()
	}
}
