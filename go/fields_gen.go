// Code generated from abi/ine.abi.json by bindings/gen/ine_gen.py; DO NOT EDIT.

//go:build cgo

package ine

// Checks in cascade order; the first four are core.
const (
	CheckConsentObtained         CheckID = "consent_obtained"
	CheckPersonRegistered        CheckID = "person_registered"
	CheckSelfieRegistryMatch     CheckID = "selfie_registry_match"
	CheckNotReportedLostOrStolen CheckID = "not_reported_lost_or_stolen"
	CheckFirstNameMatch          CheckID = "first_name_match"
	CheckFatherLastNameMatch     CheckID = "father_last_name_match"
	CheckMotherLastNameMatch     CheckID = "mother_last_name_match"
	CheckPersonalNumberMatch     CheckID = "personal_number_match"
	CheckRegistrationYearMatch   CheckID = "registration_year_match"
	CheckIssueYearMatch          CheckID = "issue_year_match"
)

// What can be wrong with an input.
const (
	ProblemRequired          ProblemCode = "REQUIRED"
	ProblemFormat            ProblemCode = "FORMAT"
	ProblemLength            ProblemCode = "LENGTH"
	ProblemCharacters        ProblemCode = "CHARACTERS"
	ProblemEncoding          ProblemCode = "ENCODING"
	ProblemDate              ProblemCode = "DATE"
	ProblemFuture            ProblemCode = "FUTURE"
	ProblemUnderAge          ProblemCode = "UNDER_AGE"
	ProblemState             ProblemCode = "STATE"
	ProblemCheckDigit        ProblemCode = "CHECK_DIGIT"
	ProblemLooksLikeCURP     ProblemCode = "LOOKS_LIKE_CURP"
	ProblemLooksLikeOCR      ProblemCode = "LOOKS_LIKE_OCR"
	ProblemLooksLikeMRZ      ProblemCode = "LOOKS_LIKE_MRZ"
	ProblemLooksLikeCIC      ProblemCode = "LOOKS_LIKE_CIC"
	ProblemLooksLikeVoterKey ProblemCode = "LOOKS_LIKE_VOTER_KEY"
	ProblemConsent           ProblemCode = "CONSENT"
	ProblemValue             ProblemCode = "VALUE"
	ProblemUnreadable        ProblemCode = "UNREADABLE"
	ProblemEmpty             ProblemCode = "EMPTY"
	ProblemNotAnImage        ProblemCode = "NOT_AN_IMAGE"
	ProblemTooLarge          ProblemCode = "TOO_LARGE"
	ProblemPDF               ProblemCode = "PDF"
	ProblemDamaged           ProblemCode = "DAMAGED"
	ProblemDimensions        ProblemCode = "DIMENSIONS"
	ProblemMetadata          ProblemCode = "METADATA"
	ProblemPersonalData      ProblemCode = "PERSONAL_DATA"
	ProblemInconsistent      ProblemCode = "INCONSISTENT"
	ProblemWord              ProblemCode = "WORD"
	ProblemPlaceholder       ProblemCode = "PLACEHOLDER"
	ProblemMask              ProblemCode = "MASK"
	ProblemURL               ProblemCode = "URL"
	ProblemUnused            ProblemCode = "UNUSED"
	ProblemExpired           ProblemCode = "EXPIRED"
)

// Warnings that can be made to refuse (WithStrict).
const (
	StrictCURPMask    Strict = 1
	StrictCURPDigit   Strict = 2
	StrictCURPDate    Strict = 4
	StrictCURPState   Strict = 8
	StrictAge         Strict = 16
	StrictImage       Strict = 32
	StrictConsistency Strict = 64
)

// Which replies must be signed (WithReplySignatures).
const (
	ReplySignaturesDefault ReplySignatures = 0
	ReplySignaturesRequire ReplySignatures = 1
	ReplySignaturesOff     ReplySignatures = 2
)

// Fields of a body, for Decision.Field.
const (
	FieldStatus              Field = 1
	FieldSessionID           Field = 2
	FieldAttemptID           Field = 3
	FieldVendorData          Field = 4
	FieldEndUserID           Field = 5
	FieldSessionStatus       Field = 6
	FieldCode                Field = 7
	FieldReason              Field = 8
	FieldReasonCode          Field = 9
	FieldDecisionTime        Field = 10
	FieldAcceptanceTime      Field = 11
	FieldSubmissionTime      Field = 12
	FieldFirstName           Field = 13
	FieldLastName            Field = 14
	FieldDateOfBirth         Field = 15
	FieldGender              Field = 16
	FieldNationality         Field = 17
	FieldIDNumber            Field = 18
	FieldYearOfBirth         Field = 19
	FieldPlaceOfBirth        Field = 20
	FieldDocumentNumber      Field = 21
	FieldDocumentType        Field = 22
	FieldDocumentCountry     Field = 23
	FieldDocumentState       Field = 24
	FieldINEStatus           Field = 25
	FieldINEErrorCode        Field = 26
	FieldINEErrorMessage     Field = 27
	FieldINETimestamp        Field = 28
	FieldIP                  Field = 29
	FieldFaceMatch           Field = 30
	FieldFaceMatchPercentage Field = 31
	FieldFaceResponseStatus  Field = 32
	FieldActive              Field = 33
	FieldDocumentStateText   Field = 34
	FieldSessionURL          Field = 35
	FieldSessionHost         Field = 36
	FieldSessionToken        Field = 37
	FieldMediaID             Field = 38
	FieldMediaName           Field = 39
	FieldMediaContext        Field = 40
	FieldMediaSize           Field = 41
	FieldMediaMimetype       Field = 42
	FieldMediaURL            Field = 43
	FieldAPICode             Field = 44
	FieldAPIMessage          Field = 45
	FieldEventType           Field = 46
	FieldAction              Field = 47
	FieldFeature             Field = 48
	FieldVersion             Field = 49
	FieldTime                Field = 50
	FieldVerification        Field = 51
	FieldMXINE               Field = 52
	FieldValidations         Field = 53
	FieldINEError            Field = 54
	FieldFaceResult          Field = 55
	FieldComments            Field = 56
	FieldDataStatus          Field = 57
	FieldDataCode            Field = 58
	FieldCheckResult         Field = 100
	FieldCheckReason         Field = 120
	FieldCheckEntry          Field = 140
)

// Lists inside a body, for Decision.List.
const (
	ListUnknownChecks List = 1
	ListRegistries    List = 2
	ListAttempts      List = 3
	ListImages        List = 4
	ListVideos        List = 5
)

// Languages of texts.
const (
	EsMX Language = 1
	En   Language = 2
)

// checkNames are the checks by number.
var checkNames = [...]string{
	1:  "consent_obtained",
	2:  "person_registered",
	3:  "selfie_registry_match",
	4:  "not_reported_lost_or_stolen",
	5:  "first_name_match",
	6:  "father_last_name_match",
	7:  "mother_last_name_match",
	8:  "personal_number_match",
	9:  "registration_year_match",
	10: "issue_year_match",
}

// anomalyNames are the anomalies by number.
var anomalyNames = [...]string{
	0:  "NA_WITHOUT_UPSTREAM_FAILURE",
	1:  "SUCCESS_AFTER_FAILURE",
	2:  "APPROVED_WITH_FAILED_CORE",
	3:  "STATUS_CODE_MISMATCH",
	4:  "REASON_CODE_MISMATCH",
	5:  "REGISTRY_STATUS_MISMATCH",
	6:  "UNKNOWN_CHECK",
	7:  "UNKNOWN_RESULT",
	8:  "UNKNOWN_REASON",
	9:  "MIXED_CASE",
	10: "VALIDATIONS_WITH_ERROR",
	11: "FACE_PERCENT_MISMATCH",
}

// inputNames are the API paths of the inputs by number.
var inputNames = [...]string{
	1:  "document.number",
	2:  "person.idNumber",
	3:  "person.firstName",
	4:  "person.lastName",
	5:  "person.secondLastName",
	6:  "document.firstIssue",
	7:  "document.validFrom",
	8:  "document.country",
	9:  "document.type",
	10: "vendorData",
	11: "endUserId",
	12: "callback",
	13: "consents",
	14: "consent.time",
	15: "consent.textVersion",
	16: "consent.channel",
	17: "sessionId",
	18: "path",
	19: "query",
	20: "body",
	21: "image.context",
	22: "image.timestamp",
	23: "version",
	24: "mediaId",
	25: "attemptId",
	26: "person.dateOfBirth",
	27: "person.gender",
	28: "image.content",
	29: "mrz",
}
