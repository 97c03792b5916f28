package web

import (
	"net/http"

	"aixin/models"
)

// session says which cookie a route looks at.
type session int

const (
	none   session = iota // files, and what is nowhere
	office                // an administrator's
	phone                 // of a phone that WeChat vouches for
)

// route is one address. A console page carries what it is about and what its
// visitor must be allowed to do with it (models/permission.go); a page without a
// row in that table is not served.
type route struct {
	pattern string
	session session
	object  models.Object
	access  models.Access
	serve   func(http.ResponseWriter, *http.Request) error
	body    int64 // the most bytes of a form; 0: formMost
}

const (
	formMost   = 16 << 10
	uploadMost = 20 << 20
)

// takes lets a route take longer forms, such as a file.
func (rt route) takes(bytes int64) route { rt.body = bytes; return rt }

// routes lists every page, one line each; the test of who sees what goes through
// them, and the navigation is made from them: the first plain address of an
// object is where its name in the navigation leads.
func (s *site) routes() []route {
	const see, write = models.See, models.Write
	return []route{
		{pattern: "GET /admin/static/{file}", serve: s.serveStatic},
		{pattern: "GET /admin/signin", session: office, serve: s.signInPage},
		{pattern: "POST /admin/signin", session: office, serve: s.signIn},
		{pattern: "POST /admin/signout", session: office, serve: s.signOut},
		{pattern: "GET /admin/password", session: office, serve: s.newcomer(s.passwordPage)},
		{pattern: "POST /admin/password", session: office, serve: s.newcomer(s.changePassword)},
		{pattern: "GET /admin/factor", session: office, serve: s.halfway(s.factorPage)},
		{pattern: "POST /admin/factor", session: office, serve: s.halfway(s.giveFactor)},
		{pattern: "GET /admin/factor/enrol", session: office, serve: s.newcomer(s.enrolPage)},
		{pattern: "POST /admin/factor/enrol", session: office, serve: s.newcomer(s.enrol)},
		{pattern: "GET /admin/factor/qr.png", session: office, serve: s.newcomer(s.factorPicture)},
		{pattern: "/admin/", serve: s.noPage},
		s.console("GET /admin/{$}", models.ObjectSelf, see, s.home),
		s.console("GET /admin/work/{id}", models.ObjectSelf, see, s.workPage),

		s.console("GET /admin/sittings", models.ObjectSelf, see, s.sittingsPage),
		s.console("POST /admin/sittings", models.ObjectSelf, write, s.endSittings),

		// Accounts.
		s.console("GET /admin/accounts", models.ObjectAccount, see, s.accountList),
		s.console("GET /admin/accounts/new", models.ObjectAccount, write, s.newAccount),
		s.console("POST /admin/accounts/new", models.ObjectAccount, write, s.addAccount),
		s.console("GET /admin/accounts/{id}", models.ObjectAccount, see, s.accountPage),
		s.console("POST /admin/accounts/{id}", models.ObjectAccount, write, s.changeAccount),
		s.console("POST /admin/orders/{id}", models.ObjectAccount, write, s.decideAccount),
		s.console("GET /admin/permissions", models.ObjectSelf, see, s.permissionPage),

		// Today.
		s.console("GET /admin/today", models.ObjectToday, see, s.todayPage),
		s.console("GET /admin/today/{list}", models.ObjectToday, see, s.todayList),

		// Plans.
		s.console("GET /admin/plans", models.ObjectPlan, see, s.plans),
		s.console("GET /admin/plans/{id}", models.ObjectPlan, see, s.plan),
		s.console("POST /admin/plans/{id}", models.ObjectPlan, write, s.savePlan),
		s.console("POST /admin/plans/{id}/approve", models.ObjectPlan, write, s.approvePlan),
		s.console("POST /admin/plans/{id}/tick", models.ObjectPlan, write, s.tickMeasure),

		// Audit, imports, state of the service.
		s.console("GET /admin/audit", models.ObjectAudit, see, s.auditPage),
		s.console("GET /admin/health", models.ObjectHealth, see, s.health),
		s.console("GET /admin/imports", models.ObjectImport, write, s.imports),
		s.console("POST /admin/imports", models.ObjectImport, write, s.takeUpload).takes(uploadMost),
		s.console("GET /admin/imports/{id}", models.ObjectImport, write, s.importPage),
		s.console("POST /admin/imports/{id}", models.ObjectImport, write, s.confirmImport),
		s.console("GET /admin/imports/{id}/report.xlsx", models.ObjectImport, write, s.importReport),
		s.console("POST /admin/imports/{id}/undo", models.ObjectImport, write, s.undoImport),

		// Records.
		s.console("GET /admin/activities", models.ObjectActivity, see, s.activities),
		s.console("GET /admin/activities.xlsx", models.ObjectExport, write, s.exportActivities),
		s.console("GET /admin/photo/{id}", models.ObjectPhoto, see, s.photo),

		// People.
		s.console("GET /admin/people", models.ObjectPerson, see, s.people),
		s.console("POST /admin/find", models.ObjectPerson, see, s.find),
		s.console("GET /admin/people/{id}", models.ObjectPerson, see, s.person),
		s.console("POST /admin/people/{id}/reveal", models.ObjectPerson, models.Reveal, s.reveal),
		s.console("POST /admin/people/{id}/grant", models.ObjectIdentity, models.Reveal, s.askGrant),
		s.console("GET /admin/grants", models.ObjectGrant, see, s.grants),
		s.console("POST /admin/grants/{id}", models.ObjectGrant, write, s.decideGrant),
		s.console("GET /admin/cadres", models.ObjectCadre, see, s.cadres),
		s.console("GET /admin/cadres/{id}", models.ObjectCadre, see, s.cadre),
		s.console("POST /admin/cadres/{id}/reveal", models.ObjectCadre, models.Reveal, s.revealCadre),
		s.console("GET /admin/units", models.ObjectUnit, see, s.units),
		s.console("GET /admin/units/{id}", models.ObjectUnit, see, s.unit),

		// Pairings and changes.
		s.console("GET /admin/pairings", models.ObjectPairing, see, s.pairingsList),
		s.console("GET /admin/pairings/waiting", models.ObjectPairing, see, s.waitingList),
		s.console("POST /admin/pairings/waiting", models.ObjectPairing, write, s.acceptProposal),
		s.console("GET /admin/adjustments", models.ObjectChange, see, s.changes),
		s.console("GET /admin/adjustments/new", models.ObjectChange, write, s.newChange),
		s.console("POST /admin/adjustments/new", models.ObjectChange, write, s.propose),
		s.console("GET /admin/adjustments/{id}", models.ObjectChange, see, s.change),
		s.console("POST /admin/adjustments/{id}", models.ObjectChange, write, s.decide),
		s.console("GET /admin/handovers/{id}", models.ObjectPairing, see, s.handoverPage),

		// Codes.
		s.console("GET "+invitationsPath, models.ObjectInvite, see, s.invitations),
		s.console("POST "+invitationsPath, models.ObjectInvite, write, s.makeInvitations),

		// Settings.
		s.console("GET "+settingsPath, models.ObjectSetting, see, s.settings),
		s.console("GET "+clocksPath, models.ObjectClock, see, s.clocks),
		s.console("POST "+clocksPath, models.ObjectClock, write, s.setClocks),
		s.console("GET "+rosterPath, models.ObjectRoster, see, s.rosterPage),
		s.console("POST "+rosterPath, models.ObjectRoster, write, s.addShift),
		s.console("POST "+rosterPath+"/{id}", models.ObjectRoster, write, s.changeShift),
		s.console("GET "+templatesPath, models.ObjectTemplate, see, s.templateList),
		s.console("POST "+templatesPath, models.ObjectTemplate, write, s.tryTemplate),
		s.console("GET "+dutiesPath, models.ObjectRule, see, s.duties),
		s.console("POST "+dutiesPath, models.ObjectRule, write, s.setDuty),
		s.console("GET "+listsPath, models.ObjectList, see, s.lists),
		s.console("POST "+listsPath, models.ObjectList, write, s.setList),

		// Notices.
		s.console("GET /admin/notices", models.ObjectNotice, see, s.noticeList),
		s.console("GET /admin/notices/new", models.ObjectNotice, write, s.noticeCompose),
		s.console("POST /admin/notices", models.ObjectNotice, write, s.noticeSubmit),
		s.console("GET /admin/notices/{id}", models.ObjectNotice, see, s.notice),
		s.console("POST /admin/notices/{id}", models.ObjectNotice, write, s.noticeAct),

		// Needs, questions, dangers, policies.
		s.console("GET /admin/needs", models.ObjectNeed, see, s.needs),
		s.console("GET /admin/needs/{id}", models.ObjectNeed, see, s.need),
		s.console("POST /admin/needs/{id}", models.ObjectNeed, write, s.orderNeed),
		s.console("GET /admin/questions", models.ObjectQuestion, see, s.questions),
		s.console("GET /admin/questions/{id}", models.ObjectQuestion, see, s.questionDesk),
		s.console("POST /admin/questions/{id}", models.ObjectQuestion, write, s.orderQuestion),
		s.console("GET /admin/questions/{id}/{medium}", models.ObjectQuestion, see, s.questionMediumDesk),
		s.console("GET /admin/cases", models.ObjectDanger, see, s.cases),
		s.console("GET /admin/cases/{id}", models.ObjectDanger, see, s.dangerCase),
		s.console("POST /admin/cases/{id}", models.ObjectDanger, write, s.orderCase),
		s.console("GET /admin/cases/{id}/{medium}", models.ObjectDanger, see, s.caseSound),
		s.console("GET "+policyPath, models.ObjectPolicy, see, s.policyList),
		s.console("GET /admin/policy.yaml", models.ObjectPolicy, see, s.policyFile),
		s.console("GET /admin/policy/gaps", models.ObjectPolicy, write, s.policyGaps),
		s.console("GET /admin/policy/new", models.ObjectPolicy, write, s.newPolicy),
		s.console("POST /admin/policy/new", models.ObjectPolicy, write, s.addPolicy),
		s.console("GET /admin/policy/upload", models.ObjectPolicy, write, s.policyUpload),
		s.console("POST /admin/policy/upload", models.ObjectPolicy, write, s.takePolicy).takes(policyMost),
		s.console("GET /admin/policy/drafts/{id}", models.ObjectPolicy, write, s.policyDraft),
		s.console("GET /admin/policy/{id}", models.ObjectPolicy, see, s.policyEntry),
		s.console("POST /admin/policy/{id}", models.ObjectPolicy, write, s.proposePolicy),
		s.console("POST /admin/policy/drafts/{id}", models.ObjectPolicy, write|models.Seconded, s.decidePolicy),

		// Reports, spot checks, donations.
		s.console("GET /admin/reports", models.ObjectReport, see, s.reports),
		s.console("GET /admin/reports/view", models.ObjectReport, see, s.report),
		s.console("POST /admin/reports/view", models.ObjectReport, see, s.drawReport),
		s.console("POST /admin/reports/sign", models.ObjectReport, write, s.signReport),
		s.console("POST /admin/reports/note", models.ObjectReport, write, s.noteReport),
		s.console("GET /admin/reports/book.xlsx", models.ObjectReport, see, s.reportBook),
		s.console("GET /admin/checks", models.ObjectSpotCheck, see, s.checks),
		s.console("POST /admin/checks", models.ObjectSpotCheck, write, s.drawChecks),
		s.console("GET /admin/checks/{id}", models.ObjectSpotCheck, see, s.check),
		s.console("POST /admin/checks/{id}", models.ObjectSpotCheck, write, s.recordCheck),
		s.console("GET /admin/disputes", models.ObjectSpotCheck, see, s.disputes),
		s.console("GET /admin/disputes/{id}", models.ObjectSpotCheck, see, s.dispute),
		s.console("POST /admin/disputes/{id}", models.ObjectSpotCheck, write, s.closeDispute),
		s.console("GET /admin/filing", models.ObjectFiling, see, s.filing),
		s.console("POST /admin/filing", models.ObjectFiling, write, s.tickFiling).takes(64 << 10),
		s.console("GET /admin/filing.xlsx", models.ObjectFiling, see, s.filingBook),
		s.console("POST /admin/filing.xlsx", models.ObjectFiling, models.Reveal, s.fullFilingBook),
		s.console("GET /admin/donations", models.ObjectDonation, see, s.donations),
		s.console("POST /admin/donations", models.ObjectDonation, write, s.addDonation),
		s.console("GET /admin/donations/{id}", models.ObjectDonation, see, s.donation),
		s.console("POST /admin/donations/{id}", models.ObjectDonation, write, s.useDonation),
		s.console("GET /admin/flags", models.ObjectFlag, see, s.flags),
		s.console("POST /admin/flags/{id}", models.ObjectFlag, write, s.closeFlag),

		// Phone pages.
		{pattern: "GET /h/static/{file}", serve: s.serveStatic},
		{pattern: "GET /h/enter", session: phone, serve: s.enter},
		{pattern: "GET /h/summary", session: phone, serve: s.vouched(s.summary)},
		{pattern: "GET /h/office", session: phone, serve: s.vouched(s.officePage)},
		{pattern: "GET /h/office/picture", session: phone, serve: s.vouched(s.officePicture)},
		{pattern: "GET /h/question/{id}", session: phone, serve: s.vouched(s.question)},
		{pattern: "POST /h/question/{id}", session: phone, serve: s.vouched(s.answerQuestion)},
		{pattern: "GET /h/question/{id}/sound", session: phone, serve: s.vouched(s.questionSound)},
		{pattern: "GET /h/question/{id}/answer", session: phone, serve: s.vouched(s.answerSound)},
		{pattern: "GET /h/question/{id}/picture", session: phone, serve: s.vouched(s.questionPicture)},
		{pattern: "GET /h/visit/{id}", session: phone, serve: s.vouched(s.visit)},
		{pattern: "POST /h/visit/{id}", session: phone, serve: s.vouched(s.saidVisit)},
		{pattern: "/h/", serve: s.noPage},
	}
}

// console is a page for whoever may do access with object. To others it is not
// there.
func (s *site) console(pattern string, o models.Object, access models.Access, page func(http.ResponseWriter, *http.Request, seat) error) route {
	return route{pattern: pattern, session: office, object: o, access: access, serve: s.member(func(w http.ResponseWriter, r *http.Request, me seat) error {
		if !me.may(o, access) {
			return s.noPage(w, r)
		}
		me.at = o
		return page(w, r, me)
	})}
}

// may tells whether the seat's role may do something with some objects of a kind;
// which ones is what the store narrows.
func (me seat) may(o models.Object, access models.Access) bool {
	return models.Ever(me.Role, o).Allows(access)
}
