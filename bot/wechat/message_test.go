package wechat

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"time"

	"aixin/bot"
)

const head = "<ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[oUser]]></FromUserName>\n<CreateTime>1348831860</CreateTime>"

func TestDecode(t *testing.T) {
	at := time.Unix(1348831860, 0).UTC()
	base := func(m bot.Message) bot.Message {
		if m.From == "" {
			m.From = "oUser"
		}
		m.To, m.At = "gh_1", at
		return m
	}
	for _, c := range []struct {
		name, in string
		want     bot.Message
		ok       bool
	}{
		{
			"text", "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[ this is a test\n]]></Content><MsgId>1234567890123456</MsgId>",
			bot.Message{Identity: "m|1234567890123456|oUser", Kind: bot.KindText, Text: " this is a test\n"},
			true,
		},
		{
			"bare text, menu tap, ids that are no numbers, unknown elements", "<BusinessId>x</BusinessId><New a='>'><In>1</In></New><MsgType>text</MsgType>\n<bizmsgmenuid>a1</bizmsgmenuid><Content>\n a &lt; b &#x4E2D;&amp;c & d \n</Content><MsgId>id-9</MsgId><Idx>z</Idx>",
			bot.Message{Identity: "m|id-9|oUser", Kind: bot.KindText, Text: "a < b 中&c & d"},
			true,
		},
		{
			"control characters and split CDATA", "<MsgType>text</MsgType><Content><![CDATA[a\x02\x1fb]]]]><![CDATA[>c]]></Content><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindText, Text: "ab]]>c"},
			true,
		},
		{
			"image", "<MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[http://x]]></PicUrl><MediaId><![CDATA[m1]]></MediaId><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindImage, MediaID: "m1"},
			true,
		},
		{
			"voice", "<MsgType>voice</MsgType><MediaId>m1</MediaId><Format>amr</Format><MsgId>1</MsgId><MediaId16K>m2</MediaId16K>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindVoice, MediaID: "m1", Format: "amr"},
			true,
		},
		{
			"recognised voice", "<MsgType>voice</MsgType><MediaId>m1</MediaId><Format>speex</Format><Recognition><![CDATA[看了老谷]]></Recognition><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindVoice, MediaID: "m1", Format: "speex", Text: "看了老谷"},
			true,
		},
		{
			"short video", "<MsgType>shortvideo</MsgType><MediaId>m1</MediaId><ThumbMediaId>t</ThumbMediaId><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindVideo, MediaID: "m1"},
			true,
		},
		{
			"place", "<MsgType>location</MsgType><Location_X>35.54</Location_X><Location_Y>106.68</Location_Y><Scale>20</Scale><Label><![CDATA[吴坡村]]></Label><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindPlace, Place: &bot.Place{Lat: 35.54, Lng: 106.68, Label: "吴坡村"}},
			true,
		},
		{
			"place that is none", "<MsgType>location</MsgType><Location_X>NaN</Location_X><Location_Y>1</Location_Y><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindUnknown},
			false,
		},
		{
			"link", "<MsgType>link</MsgType><Title>公告</Title><Description>d</Description><Url>http://x/?a=1&amp;b=2</Url><MsgId>1</MsgId>",
			bot.Message{Identity: "m|1|oUser", Kind: bot.KindLink, Text: "公告\nhttp://x/?a=1&b=2"},
			true,
		},
		{
			"subscribe", "<MsgType>event</MsgType><Event>subscribe</Event><EventKey></EventKey>",
			bot.Message{Identity: "e|oUser|1348831860|subscribe||", Kind: bot.KindEvent, Event: "subscribe"},
			true,
		},
		{
			"subscribe by QR", "<MsgType>event</MsgType><Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_123123]]></EventKey><Ticket>T</Ticket>",
			bot.Message{Identity: "e|oUser|1348831860|subscribe|123123|", Kind: bot.KindEvent, Event: "subscribe", EventKey: "123123"},
			true,
		},
		{
			"scan", "<MsgType>event</MsgType><Event>SCAN</Event><EventKey>qrscene_x</EventKey>",
			bot.Message{Identity: "e|oUser|1348831860|scan|qrscene_x|", Kind: bot.KindEvent, Event: "scan", EventKey: "qrscene_x"},
			true,
		},
		{
			"click", "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>mine</EventKey>",
			bot.Message{Identity: "e|oUser|1348831860|click|mine|", Kind: bot.KindEvent, Event: "click", EventKey: "mine"},
			true,
		},
		{
			"template result", "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>3428411849815982087</MsgID><Status><![CDATA[failed: user  block ]]></Status>",
			bot.Message{Identity: "e|oUser|1348831860|templatesendjobfinish||3428411849815982087", Kind: bot.KindEvent, Event: bot.EventDelivered, JobID: "3428411849815982087", Status: "failed:user block"},
			true,
		},
		{
			"revoked", "<MsgType>event</MsgType><Event>user_authorization_revoke</Event><OpenID>oActor</OpenID><AppID>wx</AppID><RevokeInfo>1</RevokeInfo>",
			bot.Message{Identity: "e|oActor|1348831860|user_authorization_revoke||", From: "oActor", Kind: bot.KindEvent, Event: "user_authorization_revoke"},
			true,
		},
		{
			"place reported", "<MsgType>event</MsgType><Event>LOCATION</Event><Latitude>23.1</Latitude>",
			bot.Message{Identity: "e|oUser|1348831860|location||", Kind: bot.KindEvent, Event: "location"},
			false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok, err := decode([]byte("<?xml version=\"1.0\"?>\n<!-- c --><xml>"+head+c.in+"</xml>\n"), time.Unix(1, 0))
			if want := base(c.want); err != nil || ok != c.ok || got.Identity != want.Identity {
				t.Fatalf("%v %v\n got %+v\nwant %+v", ok, err, got, want)
			} else if got.At != time.Unix(1, 0).UTC() { // a time far ahead of the clock is not believed
				t.Errorf("at %v", got.At)
			}
			got, _, _ = decode([]byte("<xml>"+head+c.in+"</xml>"), at)
			if want := base(c.want); !reflect.DeepEqual(got, want) {
				t.Errorf("\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestListEventsOfOneSecondDiffer(t *testing.T) {
	id := func(list string) string {
		m, ok, err := decode([]byte("<xml>"+head+"<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>"+list+"</SubscribeMsgPopupEvent></xml>"), time.Unix(1348831860, 0))
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return m.Identity
	}
	one := id("<List><TemplateId>a</TemplateId></List><List><TemplateId>b</TemplateId></List>")
	two := id("<List><TemplateId>a</TemplateId></List><List><TemplateId>c</TemplateId></List>")
	if one == two || one != id("<List><TemplateId>a</TemplateId></List><List><TemplateId>b</TemplateId></List>") {
		t.Error(one, two)
	}
}

func TestMessageWithoutId(t *testing.T) {
	id := func(text string) string {
		m, ok, err := decode([]byte("<xml>"+head+"<MsgType>text</MsgType><Content>"+text+"</Content></xml>"), time.Unix(1348831860, 0))
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return m.Identity
	}
	first := id("a")
	if first == id("b") || first != id("a") || !strings.HasPrefix(id("a"), "d|oUser|") {
		t.Error(first, id("b"))
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{
		"", "x", "<", "<xml", "<xml>", "<xml><a>", "<xml><a></b></xml>", "<xml></yml>", "<xml><a", "<xml><![CDATA[</xml>", "<xml><!-- </xml>",
		"<xml><?</xml>", "<!DOCTYPE xml><xml></xml>", "<xml>\xff</xml>", "{}", "<>", "<xml><></></xml>", "<xml><a/", "<xml a='></xml>", strings.Repeat("<?a>", 1000),
	} {
		if d, err := parse([]byte(in)); err == nil {
			t.Errorf("%q read as %q", in, d)
		}
	}
}

// FuzzText: whatever a person types comes through, in CDATA and bare, as
// encoding/xml would read it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a]]>b", "<a&b>", "老谷\n", "]]", "&amp;", "\x00", "<![CDATA[", "<!--", "\ufffe\uffffx\x1f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd") // as a phone's text is
		var doc strings.Builder
		doc.WriteString("<xml><A>1</A>")
		cdata(&doc, "Content", s)
		doc.WriteString("<B><C/></B></xml>")
		d, err := parse([]byte(doc.String()))
		if err != nil {
			t.Fatalf("%q: %v", doc.String(), err)
		}
		if got, want := d.get("Content"), legal(s); got != want {
			t.Errorf("CDATA: %q, want %q", got, want)
		}
		var strict struct{ Content string }
		var reply strings.Builder
		cdata(&reply, "Content", legal(s))
		if err := xml.Unmarshal([]byte("<xml>"+reply.String()+"</xml>"), &strict); err != nil {
			t.Errorf("a strict reader refuses our reply: %v", err)
		}
		var bare bytes.Buffer
		if err := xml.EscapeText(&bare, []byte(legal(s))); err != nil {
			t.Fatal(err)
		}
		d, err = parse([]byte("<xml><Content>" + bare.String() + "</Content></xml>"))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := strings.TrimSpace(d.get("Content")), strings.TrimSpace(legal(s)); got != want {
			t.Errorf("bare: %q, want %q", got, want)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<xml>" + head + "<MsgType>text</MsgType><Content><![CDATA[a]]><b>c</b></Content></xml>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, ok, err := decode(in, testNow)
		if err == nil && ok && (m.From == "" || m.Identity == "" || m.At.IsZero()) {
			t.Errorf("%+v", m)
		}
	})
}
