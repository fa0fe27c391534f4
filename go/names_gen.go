// Code generated from abi/ine.abi.json by bindings/gen/ine_gen.py; DO NOT EDIT.

//go:build cgo

package ine

// Code is the number of an error, the same in every language of libine.
type Code int32

// Values of Code.
const (
	CodeOk             Code = 0
	CodeArgument       Code = -101
	CodeMemory         Code = -102
	CodeState          Code = -103
	CodeLimit          Code = -104
	CodeClosed         Code = -105
	CodeBusy           Code = -106
	CodeUnsupported    Code = -107
	CodeInternal       Code = -108
	CodeForked         Code = -109
	CodeConfig         Code = -110
	CodeInput          Code = -201
	CodeMediaRead      Code = -202
	CodeMediaChanged   Code = -203
	CodeJSON           Code = -301
	CodeForm           Code = -302
	CodeUnsigned       Code = -401
	CodeSignature      Code = -402
	CodeMismatch       Code = -403
	CodeAuth           Code = -501
	CodeNotFound       Code = -502
	CodeConflict       Code = -503
	CodeRateLimit      Code = -504
	CodeServer         Code = -505
	CodeRejected       Code = -506
	CodeRedirect       Code = -507
	CodeConsent        Code = -508
	CodeResolve        Code = -601
	CodeConnect        Code = -602
	CodeTLS            Code = -603
	CodeTransport      Code = -604
	CodeProtocol       Code = -605
	CodeTimeout        Code = -606
	CodeDeadline       Code = -701
	CodeCancelled      Code = -702
	CodeOutcomeUnknown Code = -801
	CodeWebhookRefused Code = -901
)

var codeNames = map[Code]string{
	CodeOk:             "OK",
	CodeArgument:       "ARGUMENT",
	CodeMemory:         "MEMORY",
	CodeState:          "STATE",
	CodeLimit:          "LIMIT",
	CodeClosed:         "CLOSED",
	CodeBusy:           "BUSY",
	CodeUnsupported:    "UNSUPPORTED",
	CodeInternal:       "INTERNAL",
	CodeForked:         "FORKED",
	CodeConfig:         "CONFIG",
	CodeInput:          "INPUT",
	CodeMediaRead:      "MEDIA_READ",
	CodeMediaChanged:   "MEDIA_CHANGED",
	CodeJSON:           "JSON",
	CodeForm:           "FORM",
	CodeUnsigned:       "UNSIGNED",
	CodeSignature:      "SIGNATURE",
	CodeMismatch:       "MISMATCH",
	CodeAuth:           "AUTH",
	CodeNotFound:       "NOT_FOUND",
	CodeConflict:       "CONFLICT",
	CodeRateLimit:      "RATE_LIMIT",
	CodeServer:         "SERVER",
	CodeRejected:       "REJECTED",
	CodeRedirect:       "REDIRECT",
	CodeConsent:        "CONSENT",
	CodeResolve:        "RESOLVE",
	CodeConnect:        "CONNECT",
	CodeTLS:            "TLS",
	CodeTransport:      "TRANSPORT",
	CodeProtocol:       "PROTOCOL",
	CodeTimeout:        "TIMEOUT",
	CodeDeadline:       "DEADLINE",
	CodeCancelled:      "CANCELLED",
	CodeOutcomeUnknown: "OUTCOME_UNKNOWN",
	CodeWebhookRefused: "WEBHOOK_REFUSED",
}

// String is the stable name of the value, the same in every language of libine.
func (c Code) String() string { return nameOf(codeNames[c], int64(c)) }

// MarshalText gives the stable name, for JSON and logs.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Class is the class of an error, the same tree in every language of libine.
type Class int32

// Values of Class.
const (
	ClassNone           Class = 0
	ClassError          Class = 1
	ClassInput          Class = 2
	ClassAuth           Class = 3
	ClassNotFound       Class = 4
	ClassConflict       Class = 5
	ClassRateLimit      Class = 6
	ClassServer         Class = 7
	ClassTransport      Class = 8
	ClassDeadline       Class = 9
	ClassCancelled      Class = 10
	ClassReply          Class = 11
	ClassWebhookRefused Class = 12
	ClassOutcomeUnknown Class = 13
	ClassForked         Class = 14
)

var classNames = map[Class]string{
	ClassNone:           "None",
	ClassError:          "Error",
	ClassInput:          "InputError",
	ClassAuth:           "AuthError",
	ClassNotFound:       "NotFoundError",
	ClassConflict:       "ConflictError",
	ClassRateLimit:      "RateLimitError",
	ClassServer:         "ServerError",
	ClassTransport:      "TransportError",
	ClassDeadline:       "DeadlineError",
	ClassCancelled:      "CancelledError",
	ClassReply:          "ReplyError",
	ClassWebhookRefused: "WebhookRefused",
	ClassOutcomeUnknown: "OutcomeUnknownError",
	ClassForked:         "ForkedError",
}

// String is the stable name of the value, the same in every language of libine.
func (c Class) String() string { return nameOf(classNames[c], int64(c)) }

// MarshalText gives the stable name, for JSON and logs.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Sent says whether a request may have reached the server.
type Sent int32

// Values of Sent.
const (
	SentUnknown Sent = 0
	SentNo      Sent = 1
	SentYes     Sent = 2
)

var sentNames = map[Sent]string{
	SentUnknown: "unknown",
	SentNo:      "no",
	SentYes:     "yes",
}

// String is the stable name of the value, the same in every language of libine.
func (s Sent) String() string { return nameOf(sentNames[s], int64(s)) }

// MarshalText gives the stable name, for JSON and logs.
func (s Sent) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Step is where a verification stands.
type Step int32

// Values of Step.
const (
	StepNone   Step = 0
	StepCheck  Step = 1
	StepCreate Step = 2
	StepMedia  Step = 3
	StepSubmit Step = 4
	StepWait   Step = 5
	StepDone   Step = 6
)

var stepNames = map[Step]string{
	StepNone:   "none",
	StepCheck:  "check",
	StepCreate: "create",
	StepMedia:  "media",
	StepSubmit: "submit",
	StepWait:   "wait",
	StepDone:   "done",
}

// String is the stable name of the value, the same in every language of libine.
func (s Step) String() string { return nameOf(stepNames[s], int64(s)) }

// MarshalText gives the stable name, for JSON and logs.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Product is what a verification asks for; the zero value is ProductMXINE.
type Product int32

// Values of Product.
const (
	ProductMXINE        Product = 1
	ProductINEBiometric Product = 2
	ProductINERegistry  Product = 3
)

var productNames = map[Product]string{
	ProductMXINE:        "mx_ine",
	ProductINEBiometric: "ine_biometric",
	ProductINERegistry:  "ine_registry",
}

// String is the stable name of the value, the same in every language of libine.
func (p Product) String() string { return nameOf(productNames[p], int64(p)) }

// MarshalText gives the stable name, for JSON and logs.
func (p Product) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Kind is what a body of the API is.
type Kind int32

// Values of Kind.
const (
	KindUnknown        Kind = 0
	KindDecision       Kind = 1
	KindSession        Kind = 2
	KindMedia          Kind = 3
	KindError          Kind = 4
	KindINERegistry    Kind = 5
	KindMediaList      Kind = 6
	KindAttempts       Kind = 7
	KindEvent          Kind = 8
	KindINEWebhook     Kind = 9
	KindCURPWebhook    Kind = 10
	KindINECURPWebhook Kind = 11
	KindUserStatus     Kind = 12
	KindBinary         Kind = 13
	KindCollectedData  Kind = 14
)

var kindNames = map[Kind]string{
	KindUnknown:        "UNKNOWN",
	KindDecision:       "DECISION",
	KindSession:        "SESSION",
	KindMedia:          "MEDIA",
	KindError:          "ERROR",
	KindINERegistry:    "INE_REGISTRY",
	KindMediaList:      "MEDIA_LIST",
	KindAttempts:       "ATTEMPTS",
	KindEvent:          "EVENT",
	KindINEWebhook:     "INE_WEBHOOK",
	KindCURPWebhook:    "CURP_WEBHOOK",
	KindINECURPWebhook: "INE_CURP_WEBHOOK",
	KindUserStatus:     "USER_STATUS",
	KindBinary:         "BINARY",
	KindCollectedData:  "COLLECTED_DATA",
}

// String is the stable name of the value, the same in every language of libine.
func (k Kind) String() string { return nameOf(kindNames[k], int64(k)) }

// MarshalText gives the stable name, for JSON and logs.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// State is what became of one check.
type State int32

// Values of State.
const (
	StateAbsent       State = 0
	StateUnrecognised State = 1
	StatePassed       State = 2
	StateInconclusive State = 3
	StateFailed       State = 4
	StateSkipped      State = 5
	StateNoInput      State = 6
)

var stateNames = map[State]string{
	StateAbsent:       "ABSENT",
	StateUnrecognised: "UNRECOGNISED",
	StatePassed:       "PASSED",
	StateInconclusive: "INCONCLUSIVE",
	StateFailed:       "FAILED",
	StateSkipped:      "SKIPPED",
	StateNoInput:      "NO_INPUT",
}

// String is the stable name of the value, the same in every language of libine.
func (s State) String() string { return nameOf(stateNames[s], int64(s)) }

// MarshalText gives the stable name, for JSON and logs.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Outcome is what a decision means; the zero value is UnknownOutcome.
type Outcome int32

// Values of Outcome.
const (
	UnknownOutcome         Outcome = 0
	Pending                Outcome = 1
	Resubmit               Outcome = 2
	Expired                Outcome = 3
	Abandoned              Outcome = 4
	Review                 Outcome = 5
	Verified               Outcome = 6
	ApprovedWithExceptions Outcome = 7
	ConsentMissing         Outcome = 8
	InputErrorOutcome      Outcome = 9
	NotVerified            Outcome = 10
	RetryLater             Outcome = 11
	CardActive             Outcome = 12
	CardNotActive          Outcome = 13
)

var outcomeNames = map[Outcome]string{
	UnknownOutcome:         "UNKNOWN",
	Pending:                "PENDING",
	Resubmit:               "RESUBMIT",
	Expired:                "EXPIRED",
	Abandoned:              "ABANDONED",
	Review:                 "REVIEW",
	Verified:               "VERIFIED",
	ApprovedWithExceptions: "APPROVED_WITH_EXCEPTIONS",
	ConsentMissing:         "CONSENT_MISSING",
	InputErrorOutcome:      "INPUT_ERROR",
	NotVerified:            "NOT_VERIFIED",
	RetryLater:             "RETRY_LATER",
	CardActive:             "CARD_ACTIVE",
	CardNotActive:          "CARD_NOT_ACTIVE",
}

// String is the stable name of the value, the same in every language of libine.
func (o Outcome) String() string { return nameOf(outcomeNames[o], int64(o)) }

// MarshalText gives the stable name, for JSON and logs.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Advice is what to do next.
type Advice int32

// Values of Advice.
const (
	AdviceNone            Advice = 0
	AdviceWait            Advice = 1
	AdviceResubmit        Advice = 2
	AdviceRetryNewSession Advice = 3
	AdviceManualReview    Advice = 4
	AdviceAskConsent      Advice = 5
	AdviceCorrectInput    Advice = 6
	AdviceNewSelfie       Advice = 7
	AdviceRefuseCard      Advice = 8
)

var adviceNames = map[Advice]string{
	AdviceNone:            "NONE",
	AdviceWait:            "WAIT",
	AdviceResubmit:        "RESUBMIT",
	AdviceRetryNewSession: "RETRY_NEW_SESSION",
	AdviceManualReview:    "MANUAL_REVIEW",
	AdviceAskConsent:      "ASK_CONSENT",
	AdviceCorrectInput:    "CORRECT_INPUT",
	AdviceNewSelfie:       "NEW_SELFIE",
	AdviceRefuseCard:      "REFUSE_CARD",
}

// String is the stable name of the value, the same in every language of libine.
func (a Advice) String() string { return nameOf(adviceNames[a], int64(a)) }

// MarshalText gives the stable name, for JSON and logs.
func (a Advice) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Reason is why a webhook was refused: for your own eyes, never for a reply.
type Reason int32

// Values of Reason.
const (
	ReasonNone               Reason = 0
	ReasonNoSignature        Reason = 1
	ReasonSeveralSignatures  Reason = 2
	ReasonConflict           Reason = 3
	ReasonLegacySignature    Reason = 4
	ReasonMalformedSignature Reason = 5
	ReasonNoKey              Reason = 6
	ReasonUnknownKey         Reason = 7
	ReasonWrongSignature     Reason = 8
	ReasonTooLarge           Reason = 9
	ReasonEncoded            Reason = 10
	ReasonUnexpected         Reason = 11
	ReasonTrailingNewline    Reason = 12
	ReasonMissingNewline     Reason = 13
	ReasonReformatted        Reason = 14
	ReasonLineEnds           Reason = 15
	ReasonBOM                Reason = 16
	ReasonSecretSpace        Reason = 17
	ReasonSecretIsKey        Reason = 18
	ReasonSecretDecoded      Reason = 19
	ReasonOtherIntegration   Reason = 20
	ReasonSignedID           Reason = 21
	ReasonLegacyScheme       Reason = 22
)

var reasonNames = map[Reason]string{
	ReasonNone:               "NONE",
	ReasonNoSignature:        "NO_SIGNATURE",
	ReasonSeveralSignatures:  "SEVERAL_SIGNATURES",
	ReasonConflict:           "CONFLICT",
	ReasonLegacySignature:    "LEGACY_SIGNATURE",
	ReasonMalformedSignature: "MALFORMED_SIGNATURE",
	ReasonNoKey:              "NO_KEY",
	ReasonUnknownKey:         "UNKNOWN_KEY",
	ReasonWrongSignature:     "WRONG_SIGNATURE",
	ReasonTooLarge:           "TOO_LARGE",
	ReasonEncoded:            "ENCODED",
	ReasonUnexpected:         "UNEXPECTED",
	ReasonTrailingNewline:    "TRAILING_NEWLINE",
	ReasonMissingNewline:     "MISSING_NEWLINE",
	ReasonReformatted:        "REFORMATTED",
	ReasonLineEnds:           "LINE_ENDS",
	ReasonBOM:                "BOM",
	ReasonSecretSpace:        "SECRET_SPACE",
	ReasonSecretIsKey:        "SECRET_IS_KEY",
	ReasonSecretDecoded:      "SECRET_DECODED",
	ReasonOtherIntegration:   "OTHER_INTEGRATION",
	ReasonSignedID:           "SIGNED_ID",
	ReasonLegacyScheme:       "LEGACY_SCHEME",
}

// String is the stable name of the value, the same in every language of libine.
func (r Reason) String() string { return nameOf(reasonNames[r], int64(r)) }

// MarshalText gives the stable name, for JSON and logs.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
