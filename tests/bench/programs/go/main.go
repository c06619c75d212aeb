// Go: a goroutine per host in flight; the raw head over net, or net/http.
//
//	bench-go raw|nethttp http|https CONCURRENCY <names
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

const timeout = 10 * time.Second

var (
	outLock sync.Mutex
	out     = bufio.NewWriterSize(os.Stdout, 64*1024)
)

func dial(scheme, host string) (net.Conn, error) {
	port := ":80"
	if scheme == "https" {
		port = ":443"
	}
	conn, err := net.DialTimeout("tcp4", host+port, timeout)
	if err != nil || scheme == "http" {
		return conn, err
	}
	return tls.Client(conn, &tls.Config{ServerName: host}), nil
}

// raw reads the head line by line, as afetch does.
func raw(scheme, host string) error {
	conn, err := dial(scheme, host)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(timeout))
	_, err = io.WriteString(conn, "GET / HTTP/1.0\r\nHost: "+host+"\r\n\r\n")
	if err != nil {
		return err
	}
	lines := bufio.NewReader(conn)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return nil
		}
		outLock.Lock()
		out.WriteString(host)
		out.WriteString(" header > ")
		out.Write(line)
		out.WriteByte('\n')
		outLock.Unlock()
	}
}

// Each host is asked once: no connection is worth keeping.
var client = &http.Client{Timeout: timeout, Transport: &http.Transport{
	DisableKeepAlives: true,
	DialContext: func(ctx context.Context, _, to string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp4", to)
	},
}}

func netHTTP(scheme, host string) error {
	answer, err := client.Get(scheme + "://" + host + "/")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	outLock.Lock()
	defer outLock.Unlock()
	fmt.Fprintf(out, "%s header > %s %s\n", host, answer.Proto, answer.Status)
	for name, values := range answer.Header {
		for _, value := range values {
			fmt.Fprintf(out, "%s header > %s: %s\n", host, name, value)
		}
	}
	return nil
}

func main() {
	get, scheme := raw, os.Args[2]
	if os.Args[1] == "nethttp" {
		get = netHTTP
	}
	concurrency, _ := strconv.Atoi(os.Args[3])
	names := make(chan string)
	var workers sync.WaitGroup
	for i := 0; i < concurrency; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for host := range names {
				if err := get(scheme, host); err != nil {
					fmt.Fprintf(os.Stderr, "%s: %v\n", host, err)
				}
			}
		}()
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		names <- in.Text()
	}
	close(names)
	workers.Wait()
	out.Flush()
}
