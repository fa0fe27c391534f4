package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"libine.example/ine"
)

const (
	benchKey    = "12df6045-3846-4e45-946a-14fa6136d78b"
	benchSecret = "secret of a benchmark, 36 bytes long"
)

func signed(body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(benchSecret))
	mac.Write(body)
	return http.Header{
		"Content-Type": {"application/json"}, "X-Auth-Client": {benchKey}, "User-Agent": {"veriff"},
		"X-Hmac-Signature": {hex.EncodeToString(mac.Sum(nil))}, "Content-Length": {fmt.Sprint(len(body))},
		"Accept-Encoding": {"gzip"},
	}
}

// webhookRows measure a delivery from headers and bytes to what to do about it.
func webhookRows(sample []byte) error {
	credentials, err := ine.NewCredentials(benchKey, benchSecret)
	if err != nil {
		return err
	}
	hooks := ine.NewWebhooks(credentials)
	var compact, pretty bytes.Buffer
	if err := json.Compact(&compact, sample); err != nil {
		return err
	}
	if err := json.Indent(&pretty, sample, "", "  "); err != nil {
		return err
	}
	big := strings.Replace(compact.String(), `"technicalData"`,
		`"extra":[`+strings.Repeat(`{"a":[1,2.5,null,true],"text":"ñandú \u00e9 \"x\""},`, 900)+`0],"technicalData"`, 1)
	for _, one := range []struct {
		name string
		body []byte
	}{{"compact", compact.Bytes()}, {"pretty", pretty.Bytes()}, {"with 50 KB of unknown members", []byte(big)}} {
		header := signed(one.body)
		rows := []row{
			{"ine Webhooks.Open", func() error {
				e, err := hooks.Open(header, one.body)
				if err == nil && !e.Decision().Verdict().Verified() {
					err = errRefused
				}
				return err
			}},
			{"  and all 58 fields as Go strings", func() error {
				e, err := hooks.Open(header, one.body)
				if err == nil && e.Decision().Field(ine.FieldFirstName).Text == "" {
					err = errRefused
				}
				return err
			}},
		}
		for _, peer := range unmarshals {
			receive := byHand(peer.do)
			rows = append(rows, row{"crypto/hmac + " + peer.name, func() error {
				j, err := receive(header, one.body)
				if err == nil && !j.verified {
					err = errRefused
				}
				return err
			}})
		}
		if err := interleave(fmt.Sprintf("webhook, %s (%d bytes)", one.name, len(one.body)), rows); err != nil {
			return err
		}
	}
	return nil
}
