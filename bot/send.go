package bot

import (
	"context"
	"fmt"
	"time"
)

// Action is what a failed call to the platform asks for; the channel decides it
// next to its table of error codes.
type Action string

// The actions, from harmless to grave.
const (
	ActRetry       Action = "retry"       // transient: try again with back-off
	ActUnknown     Action = "unknown"     // the platform may or may not have done it
	ActNoWindow    Action = "no_window"   // outside the 48 h window or its quota used up: heals with the next inbound message
	ActUnreachable Action = "unreachable" // this person cannot be reached; final until they write again
	ActBadContent  Action = "bad_content" // our data is wrong: never retried, looked at by a person
	ActStopAPI     Action = "stop_api"    // daily quota used up: this API rests until the reset hour
	ActStopAll     Action = "stop_all"    // account or secret trouble: nothing is sent until a person acts
)

// SendError is a failed call to the platform. Its text holds no secret, token,
// openid or content.
type SendError struct {
	API    string // path of the API, such as /cgi-bin/message/custom/send
	Code   int    // errcode; 0 for a network or HTTP failure
	Reason string // errmsg without rid, or the kind of network failure
	Action Action
	After  time.Duration // ActRetry: not before this long
}

func (e *SendError) Error() string {
	return fmt.Sprintf("%s: errcode %d %s (%s)", e.API, e.Code, e.Reason, e.Action)
}

// Card is a template message: field values already within the type limits.
type Card struct {
	Template string            // template id of the account
	URL      string            // page behind it, "" for none
	Fields   map[string]string // thing1 → value
	ClientID string            // client_msg_id: 32 hex of SHA-256 of the delivery key
}

// Platform is what the delivery and job loops need of the channel. Failures
// are *SendError.
type Platform interface {
	SendText(ctx context.Context, to OpenID, text string) error
	SendCard(ctx context.Context, to OpenID, c Card) (jobID string, err error)
	FetchMedia(ctx context.Context, mediaID string, limit int64) (data []byte, contentType string, err error)
}
