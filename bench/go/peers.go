package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/bytedance/sonic"
	gojson "github.com/goccy/go-json"
)

// What a team declares for the vendor's decision: the members of the documented sample.
type (
	entry struct {
		Result string  `json:"result"`
		Reason *string `json:"reason"`
	}
	registry struct {
		Status      string           `json:"status"`
		Data        any              `json:"data"`
		Validations map[string]entry `json:"validations"`
		Error       *struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
		Timestamp string `json:"timestamp"`
	}
	decision struct {
		Status       string `json:"status"`
		Verification *struct {
			ID             string  `json:"id"`
			AttemptID      string  `json:"attemptId"`
			VendorData     *string `json:"vendorData"`
			EndUserID      *string `json:"endUserId"`
			Status         string  `json:"status"`
			Code           int     `json:"code"`
			Reason         *string `json:"reason"`
			ReasonCode     *int    `json:"reasonCode"`
			DecisionTime   string  `json:"decisionTime"`
			AcceptanceTime string  `json:"acceptanceTime"`
			SubmissionTime string  `json:"submissionTime"`
			Person         struct {
				FirstName    *string `json:"firstName"`
				LastName     *string `json:"lastName"`
				DateOfBirth  *string `json:"dateOfBirth"`
				Gender       *string `json:"gender"`
				Nationality  *string `json:"nationality"`
				IDNumber     *string `json:"idNumber"`
				YearOfBirth  *string `json:"yearOfBirth"`
				PlaceOfBirth *string `json:"placeOfBirth"`
			} `json:"person"`
			Document struct {
				Number  *string `json:"number"`
				Type    *string `json:"type"`
				Country *string `json:"country"`
				State   *string `json:"state"`
			} `json:"document"`
			RegistryValidations map[string]registry `json:"registryValidations"`
			Additional          json.RawMessage     `json:"additionalVerifiedData"`
		} `json:"verification"`
		TechnicalData struct {
			IP *string `json:"ip"`
		} `json:"technicalData"`
	}
)

// judged is what the peers make of it: less than a Verdict, which also finds causes, anomalies and advice.
type judged struct {
	decision *decision
	verified bool
	failed   []string
}

var cascade = []string{
	"consent_obtained", "person_registered", "selfie_registry_match", "not_reported_lost_or_stolen",
	"first_name_match", "father_last_name_match", "mother_last_name_match", "personal_number_match",
	"registration_year_match", "issue_year_match",
}

var errRefused = errors.New("refused")

// byHand verifies and reads as one does without a library.
func byHand(unmarshal func([]byte, any) error) func(http.Header, []byte) (judged, error) {
	return func(header http.Header, body []byte) (judged, error) {
		if header.Get("X-Auth-Client") != benchKey {
			return judged{}, errRefused
		}
		mac := hmac.New(sha256.New, []byte(benchSecret))
		mac.Write(body)
		given, err := hex.DecodeString(header.Get("X-Hmac-Signature"))
		if err != nil || !hmac.Equal(mac.Sum(nil), given) {
			return judged{}, errRefused
		}
		d := new(decision)
		if err := unmarshal(body, d); err != nil {
			return judged{}, err
		}
		return judge(d), nil
	}
}

func judge(d *decision) judged {
	out := judged{decision: d}
	if d.Verification == nil {
		return out
	}
	checks := d.Verification.RegistryValidations["MX_INE"].Validations
	out.verified = d.Verification.Status == "approved"
	for i, name := range cascade {
		result := checks[name].Result
		if strings.EqualFold(result, "failure") {
			out.failed = append(out.failed, name)
		}
		if i < 4 && !strings.EqualFold(result, "success") {
			out.verified = false
		}
	}
	return out
}

// unmarshals are the JSON libraries.
var unmarshals = []struct {
	name string
	do   func([]byte, any) error
}{
	{"encoding/json", json.Unmarshal},
	{"goccy/go-json", gojson.Unmarshal},
	{"bytedance/sonic", sonic.Unmarshal},
	{"sonic, unchecked", sonic.ConfigFastest.Unmarshal},
}
