// Package web shows the administrators' console (/admin/) and the phone pages
// (/h/): server-rendered, no scripts.
//
// A console page is one file: its view, its query through the seat's store
// (me.st, narrowed to the account), and a handler
//
//	func (s *site) needs(w http.ResponseWriter, r *http.Request, me seat) error
//
// that ends in s.draw(w, r, me, http.StatusOK, "needs", view); one template in
// templates/console with "title" and "body", made of pieces.html (faults, field,
// options, pager, empty, chart) and the classes card, list tables (class cards:
// a card a row on a phone, each td with data-label), columns, facts, tabs, filter;
// and one line in routes.go that says what it is about and what its visitor must
// be allowed to do (models/permission.go). The navigation follows from that line.
//
// A POST ends in s.done(w, r, to, "what became of it"); what is not easily taken
// back first asks s.sure; a form with faults is drawn again with what was typed
// (form); what takes longer than a page goes through s.begin; an upload's route
// ends in .takes(uploadMost). What shows something in full is a POST with a
// reason that writes an audit row.
package web
