package web

import (
	"net/http"

	"aixin/models"
)

const settingsPath = "/admin/settings"

type settingsView struct{ Rows []settingRow }

type settingRow struct {
	Name, Link, Why, State string
	Bad                    bool
}

// settings leads to all that an office sets, and says what needs a look.
func (s *site) settings(w http.ResponseWriter, r *http.Request, me seat) error {
	var v settingsView
	add := func(o models.Object, row settingRow) {
		if me.may(o, models.See) {
			v.Rows = append(v.Rows, row)
		}
	}
	add(models.ObjectRule, settingRow{Name: "任务规则", Link: dutiesPath, Why: "一年几次联系、走访、实事,怎么折算。"})
	add(models.ObjectList, settingRow{Name: "类别和四必查", Link: listsPath, Why: "类别、供养方式、条线、走访时顺便看的几样。"})
	add(models.ObjectClock, settingRow{Name: "时限和免打扰", Link: clocksPath, Why: "提问、诉求、预警等多久往上报;什么时候不推送。"})
	if me.may(models.ObjectRoster, models.See) {
		ro, err := s.readRoster(r.Context(), me)
		if err != nil {
			return err
		}
		row, short := settingRow{Name: "预警值班", Link: rosterPath, Why: "谁在哪里值班,排班、交班。", State: "都够两个人"}, 0
		for _, p := range ro.regions {
			if s.at(ro, p, me.st.Now()).Short {
				short++
			}
		}
		if short > 0 {
			row.State, row.Bad = itoa(short)+" 个地方不够两个人", true
		}
		v.Rows = append(v.Rows, row)
	}
	if n := s.templatesMissing(); me.may(models.ObjectTemplate, models.See) {
		row := settingRow{Name: "模板消息", Link: templatesPath, Why: "卡片的编号设了没有,没设会怎样,试发。", State: "都设了"}
		if n > 0 {
			row.State, row.Bad = itoa(n)+" 种没设", true
		}
		v.Rows = append(v.Rows, row)
	}
	add(models.ObjectAccount, settingRow{Name: "账号", Link: accountsPath, Why: "谁能登录管理台,管哪里。"})
	add(models.ObjectSelf, settingRow{Name: "谁看什么、谁办什么", Link: "/admin/permissions", Why: "所有页面和导出都按这张表。"})
	return s.draw(w, r, me, http.StatusOK, "settings", v)
}
