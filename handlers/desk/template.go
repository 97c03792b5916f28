package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// KindTry is the kind of a test send of a template.
const KindTry = "try"

// TryTemplate sends an account's own phone a card of a template with made-up words.
// store.ErrNotFound: no phone is bound to the account. Pressed again within the
// minute it is the same one.
func TryTemplate(ctx context.Context, tx *store.Store, account, name string) error {
	b, err := tx.BindingOf(ctx, models.RoleAdmin, account)
	if err != nil {
		return err
	}
	key := strings.Join([]string{KindTry, account, name, strconv.FormatInt(int64(tx.Now())/time.Minute.Milliseconds(), 10)}, "/")
	err = tx.AddDelivery(ctx, key, store.Delivery{Kind: KindTry, Role: models.RoleAdmin, SubjectID: account, OpenID: b.OpenID, Payload: models.Conceal(name)})
	if err != nil {
		return err
	}
	return tx.Note(ctx, "template.try", "account:"+account, name)
}
