package store

import (
	"context"
	"fmt"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"aixin/models"
)

var secretType = reflect.TypeFor[models.Secret]()

// sealing is the gorm plugin that seals each models.Secret before a write, bound
// to table.column.id, and opens it after a read. A Secret in a map update has
// no row to be bound to and is refused.
type sealing struct{ keys *Keys }

func (sealing) Name() string { return "sealing" }

func (p sealing) Initialize(db *gorm.DB) error {
	cb := db.Callback()
	for _, err := range []error{
		cb.Create().Before("gorm:create").Register("sealing:create", p.before),
		cb.Update().Before("gorm:update").Register("sealing:update", p.before),
		cb.Query().After("gorm:query").Register("sealing:query", p.after),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p sealing) before(db *gorm.DB) {
	if db.Error != nil || db.Statement.Schema == nil {
		return
	}
	if m, ok := db.Statement.Dest.(map[string]any); ok {
		for name, v := range m {
			if _, secret := v.(models.Secret); secret || isSecret(db.Statement.Schema, name) {
				db.AddError(fmt.Errorf("store: %s.%s is sealed and is saved with its row, not by a map", db.Statement.Table, name))
				return
			}
		}
		return
	}
	p.each(db, func(ctx context.Context, f *schema.Field, row reflect.Value, where string, s models.Secret) error {
		box, err := p.keys.SealText(where, s.Reveal())
		if err != nil {
			return err
		}
		return f.Set(ctx, row, s.WithBox(box))
	})
}

func (p sealing) after(db *gorm.DB) {
	if db.Error != nil || db.Statement.Schema == nil || db.RowsAffected == 0 {
		return
	}
	p.each(db, func(ctx context.Context, f *schema.Field, row reflect.Value, where string, s models.Secret) error {
		text, err := p.keys.OpenText(where, s.Box())
		if err != nil {
			return err
		}
		return f.Set(ctx, row, s.Opened(text))
	})
}

func isSecret(s *schema.Schema, name string) bool {
	f := s.LookUpField(name)
	return f != nil && f.FieldType == secretType
}

// each calls fn for every Secret of every row in the statement.
func (p sealing) each(db *gorm.DB, fn func(context.Context, *schema.Field, reflect.Value, string, models.Secret) error) {
	st := db.Statement
	var fields []*schema.Field
	for _, f := range st.Schema.Fields {
		if f.FieldType == secretType {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return
	}
	one := func(row reflect.Value) {
		row = reflect.Indirect(row)
		if row.Kind() != reflect.Struct || row.Type() != st.Schema.ModelType {
			return
		}
		id, _ := st.Schema.PrioritizedPrimaryField.ValueOf(st.Context, row)
		for _, f := range fields {
			v, _ := f.ValueOf(st.Context, row)
			s, ok := v.(models.Secret)
			if !ok || s.Empty() {
				continue
			}
			where := fmt.Sprintf("%s.%s.%v", st.Table, f.DBName, id)
			if err := fn(st.Context, f, row, where, s); err != nil {
				db.AddError(err)
				return
			}
		}
	}
	switch v := st.ReflectValue; v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			one(v.Index(i))
		}
	case reflect.Struct:
		one(v)
	}
}
