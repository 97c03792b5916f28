package wechatsim

import (
	"fmt"
	"strings"
)

func (s *Sim) createQR(c *call) (any, error) {
	var in struct {
		Expire int64  `json:"expire_seconds"`
		Name   string `json:"action_name"`
		Info   struct {
			Scene struct {
				ID  int64  `json:"scene_id"`
				Str string `json:"scene_str"`
			} `json:"scene"`
		} `json:"action_info"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	scene, byName := in.Info.Scene.Str, strings.Contains(in.Name, "_STR_")
	switch in.Name {
	case "QR_SCENE", "QR_LIMIT_SCENE":
		limit := int64(1<<32 - 1)
		if in.Name == "QR_LIMIT_SCENE" {
			limit = 100_000
		}
		if in.Info.Scene.ID < 1 || in.Info.Scene.ID > limit {
			return nil, refuse(40053, "invalid action info")
		}
		scene = fmt.Sprint(in.Info.Scene.ID)
	case "QR_STR_SCENE", "QR_LIMIT_STR_SCENE":
	default:
		return nil, refuse(40052, "invalid action name")
	}
	if byName && (scene == "" || len([]rune(scene)) > 64) || in.Expire > 2_592_000 {
		return nil, refuse(40053, "invalid action info")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := object{"ticket": s.ticketOf(scene), "url": "http://weixin.qq.com/q/" + randomName(22)}
	if !strings.Contains(in.Name, "LIMIT") {
		if in.Expire == 0 {
			in.Expire = 60 // what the platform gives when nothing is asked
		}
		o["expire_seconds"] = in.Expire
	}
	return o, nil
}

// ticketOf is the ticket of a scene's QR code. s.mu held.
func (s *Sim) ticketOf(scene string) string {
	if t, ok := s.scenes[scene]; ok {
		return t
	}
	if len(s.scenes) > 10_000 {
		clear(s.scenes)
	}
	t := "gQ" + randomName(90)
	s.scenes[scene] = t
	return t
}
